from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0002_sequence_and_append_only")]

    operations = [
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32)),
                ("key", models.BinaryField(max_length=32)),
                ("tries", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("refused", models.BooleanField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("name", "key"), name="throttle_once")]},
        ),
        migrations.RunSQL(
            # A flood of addresses must not become a flood of writes to disk, and what is lost in a crash is a delay.
            "ALTER TABLE base_throttle SET UNLOGGED",
            "ALTER TABLE base_throttle SET LOGGED",
        ),
    ]
