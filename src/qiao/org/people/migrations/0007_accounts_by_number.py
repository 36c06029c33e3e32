# Accounts that sign in by a mobile number, and those of one human; links of data checks begin with QIAO_URL.

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_names_with_keys'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='campaign',
            name='site',
        ),
        migrations.RemoveConstraint(
            model_name='account',
            name='account_email_once',
        ),
        migrations.AddField(
            model_name='account',
            name='same_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='others', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='account',
            name='email',
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='account_email_once'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), ('person__isnull', False), ('is_active', False), _connector='OR'), name='account_has_a_way_in'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('same_as__isnull', True), models.Q(('same_as', models.F('pk')), _negated=True), _connector='OR'), name='account_not_its_own'),
        ),
    ]
