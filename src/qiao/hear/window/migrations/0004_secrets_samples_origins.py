from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('window', '0003_other_systems'),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='origin',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='request',
            name='sampled',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='request',
            name='secret_own',
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name='request',
            index=models.Index(condition=models.Q(('sampled__isnull', False)), fields=['body'], name='request_sampled'),
        ),
    ]
