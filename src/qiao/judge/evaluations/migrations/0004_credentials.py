"""One answer per member by a credential signed blindly: the roll says who took one, the box what came with one."""

import django.db.models.deletion
from django.db import migrations, models

import qiao.base.vault.fields


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_unreadable_answers")]

    operations = [
        migrations.RemoveIndex("rollentry", "evaluations_person__32c29a_idx"),
        migrations.RenameField("rollentry", "answered", "issued"),
        migrations.AddIndex(
            "rollentry", models.Index(fields=["person", "issued"], name="evaluations_person__49e727_idx")
        ),
        migrations.AddField(
            "rollentry", "blinded", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField("sealedanswer", "prefix", models.BinaryField(null=True)),
        migrations.AddField("sealedanswer", "credential", models.BinaryField(null=True)),
        migrations.CreateModel(
            name="IssuerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public", models.TextField()),
                (
                    "private",
                    qiao.base.vault.fields.EncryptedTextField(bind=("evaluation_id",), editable=False, null=True),
                ),
                (
                    "evaluation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issuer",
                        to="evaluations.evaluation",
                    ),
                ),
            ],
        ),
    ]
