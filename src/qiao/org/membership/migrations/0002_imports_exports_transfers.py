import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0001_initial'),
        ('people', '0002_name_search'),
        ('people', '__first__'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField()),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('verdict', models.CharField(choices=[('raw', 'Not read yet'), ('ready', 'Ready'), ('duplicate', 'Perhaps a duplicate'), ('fault', 'Faulty')], default='raw', max_length=12)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('employment', models.CharField(blank=True, max_length=12)),
                ('since', models.DateField(null=True)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('twin_number', models.BigIntegerField(null=True)),
                ('twin_row', models.PositiveIntegerField(null=True)),
                ('other_person', models.BooleanField(default=False)),
                ('faults', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='MemberExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Waiting for the second person'), ('approved', 'Approved'), ('refused', 'Refused'), ('recalled', 'Recalled')], default='asked', max_length=12)),
                ('purpose', models.CharField(max_length=400)),
                ('asked', models.DateTimeField()),
                ('decided', models.DateTimeField(null=True)),
                ('expires', models.DateTimeField(null=True)),
                ('taken', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='membership',
            name='bound_for',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='arriving', to='units.unit'),
        ),
        migrations.AddField(
            model_name='membership',
            name='in_transfer_since',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='ColumnMemory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header', models.CharField(max_length=120)),
                ('field', models.CharField(blank=True, choices=[('name', 'Name'), ('employment', 'Kind of employment'), ('since', 'Member since'), ('unit', 'Unit label')], max_length=12)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'header'), name='columnmemory_once'), models.CheckConstraint(condition=models.Q(('field__in', ['', 'name', 'employment', 'since', 'unit'])), name='columnmemory_field_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('matched', 'Columns matched'), ('waiting', 'Waiting for the second person'), ('confirmed', 'Confirmed'), ('undone', 'Undone'), ('discarded', 'Discarded')], default='uploaded', max_length=12)),
                ('source', models.CharField(max_length=200)),
                ('sheet', models.CharField(blank=True, max_length=120)),
                ('columns', models.JSONField()),
                ('dropped', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict)),
                ('defaults', models.JSONField(default=dict)),
                ('rows_total', models.PositiveIntegerField()),
                ('report', models.JSONField(default=dict)),
                ('uploaded', models.DateTimeField()),
                ('confirmed', models.DateTimeField(null=True)),
                ('ended', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to='units.unit')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', '-uploaded'], name='membership__unit_id_fdf387_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'matched', 'waiting', 'confirmed', 'undone', 'discarded'])), name='importbatch_state_known'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('uploaded_by')), _negated=True), _connector='OR'), name='importbatch_second_person')],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='batch',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='membership.importbatch'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('state__in', ('active', 'transferring')), ('until__isnull', True)), fields=['unit', 'person'], name='membership_register'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='membership_of_batch'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bound_for__isnull', False), ('in_transfer_since__isnull', False), ('state', 'transferring')), models.Q(models.Q(('state', 'transferring'), _negated=True), ('bound_for__isnull', True), ('in_transfer_since__isnull', True)), _connector='OR'), name='membership_in_transfer_somewhere'),
        ),
        migrations.AddField(
            model_name='importrow',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='membership.importbatch'),
        ),
        migrations.AddField(
            model_name='memberexport',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='memberexport',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='memberexport',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['raw', 'ready', 'duplicate', 'fault'])), name='importrow_verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('batch', 'verdict', 'row'), name='importrow_once'),
        ),
        migrations.AddIndex(
            model_name='memberexport',
            index=models.Index(fields=['unit', '-asked'], name='membership__unit_id_0b9b0a_idx'),
        ),
        migrations.AddConstraint(
            model_name='memberexport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'approved', 'refused', 'recalled'])), name='memberexport_state_known'),
        ),
        migrations.AddConstraint(
            model_name='memberexport',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), ('state', 'recalled'), _connector='OR'), name='memberexport_second_person'),
        ),
    ]
