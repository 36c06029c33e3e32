import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('units', '0001_initial'),
        ('workplaces', '0001_employers'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnionTest',
            fields=[
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='coverage_tests', serialize=False, to='units.unit')),
                ('day', models.DateField()),
                ('in_term', models.BooleanField()),
                ('reachable', models.BooleanField()),
                ('active', models.BooleanField()),
                ('told', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('title', models.JSONField()),
                ('goal', models.JSONField()),
                ('sector', models.CharField(blank=True, choices=[('S-A', 'Manufacturing'), ('S-B', 'Building'), ('S-C', 'Transport and delivery'), ('S-D', 'Trade and catering'), ('S-E', 'Education'), ('S-F', 'Health'), ('S-G', 'Administration and utilities'), ('S-H', 'Finance, technology, other')], max_length=4)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('state', models.CharField(choices=[('running', 'Running'), ('ended', 'Ended')], default='running', max_length=8)),
                ('opened', models.DateTimeField()),
                ('organiser', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', '-starts'], name='coverage_ca_unit_id_2e4900_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'ended'])), name='outreach_state_known'), models.CheckConstraint(condition=models.Q(('sector__in', ['', 'S-A', 'S-B', 'S-C', 'S-D', 'S-E', 'S-F', 'S-G', 'S-H'])), name='outreach_sector_known'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='outreach_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CoverageCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('axis', models.CharField(choices=[('all', 'The whole unit'), ('sector', 'Sector'), ('ownership', 'Ownership'), ('employment', 'Kind of employment')], max_length=10)),
                ('key', models.CharField(blank=True, max_length=12)),
                ('employers', models.PositiveIntegerField()),
                ('formed', models.PositiveIntegerField()),
                ('uncounted', models.PositiveIntegerField()),
                ('employees', models.PositiveBigIntegerField()),
                ('employees_in', models.PositiveBigIntegerField()),
                ('members', models.PositiveBigIntegerField()),
                ('members_in', models.PositiveBigIntegerField()),
                ('members_scope', models.PositiveBigIntegerField()),
                ('members_work', models.PositiveBigIntegerField()),
                ('unions', models.PositiveIntegerField()),
                ('in_term', models.PositiveIntegerField()),
                ('reachable', models.PositiveIntegerField()),
                ('active', models.PositiveIntegerField()),
                ('told', models.PositiveIntegerField()),
                ('effective', models.PositiveIntegerField()),
                ('members_effective', models.PositiveBigIntegerField()),
                ('joined', models.PositiveIntegerField()),
                ('kept', models.PositiveIntegerField()),
                ('hidden', models.BooleanField(default=False)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='coverage_counts', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['day', 'axis'], name='coveragecount_day'), models.Index(condition=models.Q(('axis', 'all'), models.Q(('members_in__gt', models.F('employees_in')), ('members_scope__gt', models.F('employees')), _connector='OR')), fields=['unit', 'day'], name='coveragecount_over')],
                'constraints': [models.CheckConstraint(condition=models.Q(('axis__in', ['all', 'sector', 'ownership', 'employment'])), name='coveragecount_axis_known'), models.UniqueConstraint(fields=('unit', 'day', 'axis', 'key'), name='coveragecount_once')],
            },
        ),
        migrations.CreateModel(
            name='CoverageDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('nightly', 'Computed in the night'), ('year_end', 'End of a year')], max_length=8)),
                ('made', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['nightly', 'year_end'])), name='coverageday_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='CoverageScope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('least_workers', models.PositiveIntegerField(default=0)),
                ('text', models.JSONField()),
                ('source', models.CharField(max_length=200)),
                ('stated', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverage_scopes', to='units.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='coveragescope_ends_after_start'), models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('unit',), name='coveragescope_one_at_once')],
            },
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('listed', 'Listed'), ('contacted', 'Contacted'), ('preparing', 'Preparing'), ('formed', 'Union formed'), ('declined', 'Declined'), ('paused', 'Paused')], default='listed', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('no_answer', 'Nobody answers'), ('no_interest', 'Workers see no use in it at present'), ('management', 'The management obstructs it'), ('too_few', 'Too few workers: a joint base union is nearer'), ('closing', 'The employer closes or moves away'), ('elsewhere', 'Has a union elsewhere already'), ('other', 'Another reason, see the log')], max_length=12)),
                ('next_step', models.CharField(blank=True, max_length=200)),
                ('next_due', models.DateField(blank=True, null=True)),
                ('since', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='coverage.campaign')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='workplaces.employer')),
                ('formed_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_due__isnull', False)), fields=['next_due'], name='lead_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['listed', 'contacted', 'preparing', 'formed', 'declined', 'paused'])), name='lead_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), ('reason__in', ['no_answer', 'no_interest', 'management', 'too_few', 'closing', 'elsewhere', 'other'])), models.Q(models.Q(('state', 'declined'), _negated=True), ('reason', '')), _connector='OR'), name='lead_declined_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('formed_unit__isnull', False), ('state', 'formed')), models.Q(models.Q(('state', 'formed'), _negated=True), ('formed_unit__isnull', True)), _connector='OR'), name='lead_formed_is_a_union'), models.UniqueConstraint(fields=('campaign', 'employer'), name='lead_once')],
            },
        ),
        migrations.CreateModel(
            name='LeadLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('channel', models.CharField(blank=True, choices=[('visit', 'Visit'), ('phone', 'Telephone'), ('letter', 'Letter'), ('meeting', 'Information meeting'), ('poster', 'Posters put up')], max_length=8)),
                ('text', models.CharField(max_length=500)),
                ('from_state', models.CharField(choices=[('listed', 'Listed'), ('contacted', 'Contacted'), ('preparing', 'Preparing'), ('formed', 'Union formed'), ('declined', 'Declined'), ('paused', 'Paused')], max_length=10)),
                ('to_state', models.CharField(choices=[('listed', 'Listed'), ('contacted', 'Contacted'), ('preparing', 'Preparing'), ('formed', 'Union formed'), ('declined', 'Declined'), ('paused', 'Paused')], max_length=10)),
                ('entered', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='coverage.lead')),
            ],
            options={
                'indexes': [models.Index(fields=['lead', '-day', '-id'], name='coverage_le_lead_id_a3f3ac_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['', 'visit', 'phone', 'letter', 'meeting', 'poster'])), name='leadline_channel_known'), models.CheckConstraint(condition=models.Q(('from_state__in', ['listed', 'contacted', 'preparing', 'formed', 'declined', 'paused']), ('to_state__in', ['listed', 'contacted', 'preparing', 'formed', 'declined', 'paused'])), name='leadline_states_known')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('measure', models.CharField(choices=[('rate_formed', 'Union-forming rate'), ('rate_joined_in', 'Membership rate in unionised units'), ('rate_joined_all', 'Membership rate of all employees'), ('effective', 'Effective coverage')], max_length=16)),
                ('document', models.CharField(max_length=200)),
                ('level', models.CharField(max_length=120)),
                ('source_value', models.DecimalField(decimal_places=2, max_digits=5)),
                ('source_due', models.DateField()),
                ('opened', models.DateTimeField()),
                ('above', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='below', to='coverage.target')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'measure'], name='coverage_ta_unit_id_016c27_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('measure__in', ['rate_formed', 'rate_joined_in', 'rate_joined_all', 'effective'])), name='target_measure_known'), models.CheckConstraint(condition=models.Q(('source_value__gt', 0), ('source_value__lte', 100)), name='target_source_is_a_share'), models.UniqueConstraint(condition=models.Q(('above__isnull', False)), fields=('unit', 'above'), name='target_passed_down_once')],
            },
        ),
        migrations.CreateModel(
            name='TargetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=5)),
                ('due', models.DateField()),
                ('reason', models.CharField(max_length=400)),
                ('stricter', models.BooleanField()),
                ('state', models.CharField(choices=[('asked', 'Consent asked'), ('consented', 'Consented'), ('declined', 'Declined'), ('applied', 'In force'), ('replaced', 'Replaced'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10)),
                ('set_at', models.DateTimeField()),
                ('answered', models.CharField(blank=True, choices=[('asked', 'Consent asked'), ('consented', 'Consented'), ('declined', 'Declined'), ('applied', 'In force'), ('replaced', 'Replaced'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('answer', models.CharField(blank=True, max_length=400)),
                ('answered_at', models.DateTimeField(null=True)),
                ('applied_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='coverage.target')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'consented', 'declined', 'applied', 'replaced', 'withdrawn'])), name='targetversion_state_known'), models.CheckConstraint(condition=models.Q(('value__gt', 0), ('value__lte', 100)), name='targetversion_is_a_share'), models.CheckConstraint(condition=models.Q(('answered__in', ['', 'consented', 'declined'])), name='targetversion_answer_known'), models.CheckConstraint(condition=models.Q(('stricter', False), models.Q(('state__in', ['applied', 'replaced']), _negated=True), ('answered', 'consented'), _connector='OR'), name='targetversion_stricter_only_by_consent'), models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), models.Q(('answered_by', models.F('set_by')), _negated=True), _connector='OR'), name='targetversion_another_answers'), models.UniqueConstraint(fields=('target', 'number'), name='targetversion_once'), models.UniqueConstraint(condition=models.Q(('state', 'applied')), fields=('target',), name='targetversion_one_in_force')],
            },
        ),
    ]
