import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmployerBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('matched', 'Columns matched'), ('waiting', 'Waiting for the second person'), ('confirmed', 'Confirmed'), ('undone', 'Undone'), ('discarded', 'Discarded')], default='uploaded', max_length=12)),
                ('source', models.CharField(max_length=200)),
                ('sheet', models.CharField(blank=True, max_length=120)),
                ('columns', models.JSONField()),
                ('dropped', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict)),
                ('counted', models.DateField(null=True)),
                ('rows_total', models.PositiveIntegerField()),
                ('report', models.JSONField(default=dict)),
                ('uploaded', models.DateTimeField()),
                ('confirmed', models.DateTimeField(null=True)),
                ('ended', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employer_batches', to='units.unit')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', '-uploaded'], name='workplaces__unit_id_2edc5a_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'matched', 'waiting', 'confirmed', 'undone', 'discarded'])), name='employerbatch_state_known'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('uploaded_by')), _negated=True), _connector='OR'), name='employerbatch_second_person')],
            },
        ),
        migrations.CreateModel(
            name='Employer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('reg_code', models.CharField(blank=True, max_length=18, null=True, unique=True)),
                ('name', models.CharField(db_index=True, max_length=160)),
                ('ownership', models.CharField(choices=[('state', 'State-owned enterprise'), ('collective', 'Collective enterprise'), ('private', 'Private enterprise'), ('shares', 'Company limited by shares'), ('foreign', 'Foreign, Hong Kong, Macao or Taiwan investment'), ('institution', 'Public institution'), ('office', 'Government office'), ('social', 'Social organisation'), ('sole', 'Self-employed business')], max_length=12)),
                ('sector', models.CharField(choices=[('S-A', 'Manufacturing'), ('S-B', 'Building'), ('S-C', 'Transport and delivery'), ('S-D', 'Trade and catering'), ('S-E', 'Education'), ('S-F', 'Health'), ('S-G', 'Administration and utilities'), ('S-H', 'Finance, technology, other')], max_length=4)),
                ('state', models.CharField(choices=[('open', 'In business'), ('closed', 'Closed down')], default='open', max_length=8)),
                ('opened', models.DateField(blank=True, null=True)),
                ('closed', models.DateField(blank=True, null=True)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('entered', models.DateTimeField()),
                ('confirmed', models.DateField()),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employers_here', to='units.unit')),
                ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='employers', to='workplaces.employerbatch')),
            ],
            options={
                'indexes': [models.Index(fields=['place', 'name'], name='workplaces__place_i_d4c877_idx'), models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='employer_of_batch')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='employer_state_known'), models.CheckConstraint(condition=models.Q(('ownership__in', ['state', 'collective', 'private', 'shares', 'foreign', 'institution', 'office', 'social', 'sole'])), name='employer_ownership_known'), models.CheckConstraint(condition=models.Q(('sector__in', ['S-A', 'S-B', 'S-C', 'S-D', 'S-E', 'S-F', 'S-G', 'S-H'])), name='employer_sector_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), ('closed__isnull', False)), models.Q(('state', 'open'), ('closed__isnull', True)), _connector='OR'), name='employer_closed_on_a_day'), models.CheckConstraint(condition=models.Q(('closed__isnull', True), ('opened__isnull', True), ('closed__gte', models.F('opened')), _connector='OR'), name='employer_not_closed_before_opened')],
            },
        ),
        migrations.CreateModel(
            name='EmployerColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header', models.CharField(max_length=120)),
                ('field', models.CharField(blank=True, choices=[('name', 'Name of the employer'), ('reg_code', 'Unified social credit code'), ('place', 'Label of the hub or district'), ('sector', 'Sector'), ('ownership', 'Ownership'), ('direct', 'Employees, direct'), ('agency', 'Employees from agencies'), ('platform', 'Workers by platform'), ('opened', 'Opened on'), ('office', 'Office that answers')], max_length=12)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'header'), name='employercolumn_once'), models.CheckConstraint(condition=models.Q(('field__in', ['', 'name', 'reg_code', 'place', 'sector', 'ownership', 'direct', 'agency', 'platform', 'opened', 'office'])), name='employercolumn_field_known')],
            },
        ),
        migrations.CreateModel(
            name='EmployerHeadcount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('direct', models.PositiveIntegerField()),
                ('agency', models.PositiveIntegerField(default=0)),
                ('platform', models.PositiveIntegerField(default=0)),
                ('source', models.CharField(choices=[('register', 'Public register'), ('answer', "Answer of the employer's office"), ('visit', 'Counted at a visit'), ('return', 'Return of the unit above'), ('import', 'Imported table')], max_length=10)),
                ('entered', models.DateTimeField()),
                ('withdraws', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='headcounts', to='workplaces.employerbatch')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='corrected_by', to='workplaces.employerheadcount')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='headcounts', to='workplaces.employer')),
            ],
            options={
                'indexes': [models.Index(fields=['employer', '-day', '-id'], name='workplaces__employe_f01c3e_idx'), models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='headcount_of_batch')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['register', 'answer', 'visit', 'return', 'import'])), name='headcount_source_known'), models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='headcount_corrected_for_a_reason'), models.CheckConstraint(condition=models.Q(('withdraws', False), models.Q(('agency', 0), ('corrects__isnull', False), ('direct', 0), ('platform', 0)), _connector='OR'), name='headcount_withdraws_something')],
            },
        ),
        migrations.CreateModel(
            name='EmployerRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField()),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('verdict', models.CharField(choices=[('raw', 'Not read yet'), ('new', 'New'), ('known', 'Known, gets the headcount'), ('fault', 'Faulty')], default='raw', max_length=8)),
                ('read', models.JSONField(default=dict)),
                ('known_id', models.BigIntegerField(null=True)),
                ('faults', models.JSONField(default=list)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='workplaces.employerbatch')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['raw', 'new', 'known', 'fault'])), name='employerrow_verdict_known'), models.UniqueConstraint(fields=('batch', 'row'), name='employerrow_once')],
            },
        ),
        migrations.CreateModel(
            name='UnitEmployer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('entered', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unit_links', to='workplaces.employer')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employer_links', to='units.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='unitemployer_ends_after_start'), models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('employer',), name='unitemployer_one_union_at_once')],
            },
        ),
    ]
