from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0001_duties'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='request',
            field=models.CharField(blank=True, max_length=32),
        ),
    ]
