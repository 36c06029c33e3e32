import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("browser", models.CharField(max_length=16)),
                ("system", models.CharField(max_length=16)),
                ("started", models.DateTimeField()),
                ("seen", models.DateField()),
                ("ended", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-started"], name="web_signin_account_22a38e_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended__isnull", True), ("ended__gte", models.F("started")), _connector="OR"),
                        name="signin_ends_after",
                    )
                ],
            },
        ),
    ]
