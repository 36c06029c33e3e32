import django.db.models.deletion
from django.db import migrations, models

import qiao.base.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0006_tally_and_spelling"),
        ("people", "0003_contacts_consents_looks_messages_requests"),
    ]

    operations = [
        migrations.RemoveField(model_name="importrow", name="mobile"),
        migrations.RemoveField(model_name="importrow", name="mail"),
        migrations.AlterField(
            model_name="importrow",
            name="mobile_mark",
            field=qiao.base.vault.fields.FingerprintField(editable=False, null=True, purpose="people.contact"),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="mail_mark",
            field=qiao.base.vault.fields.FingerprintField(editable=False, null=True, purpose="people.contact"),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="identity_mark",
            field=qiao.base.vault.fields.FingerprintField(editable=False, null=True, purpose="people.identity"),
        ),
        migrations.RemoveConstraint(model_name="importchunk", name="importchunk_once"),
        migrations.AddField(
            model_name="importchunk",
            name="kind",
            field=models.CharField(
                choices=[("cells", "Cells"), ("contacts", "Contacts")], default="cells", max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="importchunk",
            name="sealed",
            field=qiao.base.vault.fields.EncryptedTextField(bind=("batch_id", "kind", "number"), editable=False),
        ),
        migrations.AlterField(
            model_name="importchunk",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chunks",
                to="membership.importbatch",
            ),
        ),
        migrations.AddConstraint(
            model_name="importchunk",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cells", "contacts"])), name="importchunk_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="importchunk",
            constraint=models.UniqueConstraint(fields=("batch", "kind", "number"), name="importchunk_once"),
        ),
    ]
