from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('window', '0004_secrets_samples_origins'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='request',
            index=models.Index(condition=models.Q(('state__in', ('answered_at_once', 'handed_over', 'linked', 'closed'))), fields=['-received', '-id'], name='request_ended_newest'),
        ),
    ]
