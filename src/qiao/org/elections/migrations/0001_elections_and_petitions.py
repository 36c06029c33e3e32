import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('mandates', '0001_committees_terms_mandates'),
        ('people', '0003_contacts_consents_looks_messages_requests'),
        ('people', '__first__'),
        ('units', '0003_find_by_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Election',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('union', 'Union committee'), ('executive', 'Executive of the committee'), ('women', "Women workers' committee"), ('audit', 'Audit committee'), ('mediation', 'Mediation committee')], max_length=12)),
                ('cause', models.CharField(choices=[('first', 'First election'), ('renewal', 'Re-election at the end of the term'), ('early', 'Re-election before the end of the term'), ('fill', 'Filling of a vacancy within the term')], max_length=12)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('called', 'Called'), ('held', 'Held'), ('filed', 'Result filed'), ('returned', 'Sent back for correction'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn')], default='planned', max_length=12)),
                ('day', models.DateField()),
                ('place', models.JSONField(blank=True, default=dict)),
                ('seats', models.PositiveSmallIntegerField()),
                ('group', models.CharField(max_length=200)),
                ('planned_at', models.DateTimeField()),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('registered', models.PositiveIntegerField(blank=True, null=True)),
                ('electors', models.PositiveIntegerField(blank=True, null=True)),
                ('present', models.PositiveIntegerField(blank=True, null=True)),
                ('handed_out', models.PositiveIntegerField(blank=True, null=True)),
                ('valid', models.PositiveIntegerField(blank=True, null=True)),
                ('invalid', models.PositiveIntegerField(blank=True, null=True)),
                ('minutes_name', models.CharField(blank=True, max_length=160)),
                ('minutes_sha256', models.CharField(blank=True, max_length=64)),
                ('evidence_code', models.CharField(blank=True, max_length=32)),
                ('term_until', models.DateField(blank=True, null=True)),
                ('filed_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('warnings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('called_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('filed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('planned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elections', to='units.unit')),
            ],
            options={
                'ordering': ['-planned_at'],
                'indexes': [models.Index(fields=['state', 'unit'], name='election_state_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'called', 'held', 'filed', 'returned', 'confirmed', 'withdrawn'])), name='election_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['union', 'executive', 'women', 'audit', 'mediation'])), name='election_kind_known'), models.CheckConstraint(condition=models.Q(('cause__in', ['first', 'renewal', 'early', 'fill'])), name='election_cause_known'), models.CheckConstraint(condition=models.Q(('present__lte', models.F('electors'))), name='election_present_are_electors'), models.CheckConstraint(condition=models.Q(('handed_out__lte', models.F('present'))), name='election_ballots_to_present'), models.CheckConstraint(condition=models.Q(('handed_out__gte', django.db.models.expressions.CombinedExpression(models.F('valid'), '+', models.F('invalid')))), name='election_ballots_handed_out'), models.CheckConstraint(condition=models.Q(('filed_by__isnull', True), ('decided_by__isnull', True), models.Q(('state', 'confirmed'), _negated=True), models.Q(('filed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='election_filer_is_not_confirmer'), models.UniqueConstraint(condition=models.Q(('state__in', ('confirmed', 'withdrawn')), _negated=True), fields=('unit', 'kind'), name='election_one_open_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('post', models.CharField(choices=[('chair', 'Chair'), ('deputy_chair', 'Deputy chair'), ('committee_member', 'Committee member'), ('women_head', "Head of the women workers' committee"), ('audit_head', 'Head of the audit committee'), ('organiser', 'Organiser'), ('staff', 'Union staff'), ('contracted', 'Contracted union worker'), ('group_leader', 'Union group leader'), ('delegate', 'Congress delegate'), ('worker_director', 'Worker director')], max_length=20)),
                ('nominated_by', models.CharField(choices=[('group', 'A union group'), ('members', 'Members together'), ('committee', 'The outgoing committee'), ('self', 'Themselves')], max_length=12)),
                ('declared_at', models.DateTimeField()),
                ('employer_post', models.CharField(choices=[('none', 'None'), ('hr', 'Head of personnel'), ('deputy_head', 'Deputy head of the employer')], default='none', max_length=12)),
                ('withdrawn', models.BooleanField(default=False)),
                ('votes', models.PositiveIntegerField(blank=True, null=True)),
                ('elected', models.BooleanField(default=False)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='candidacies', to=settings.AUTH_USER_MODEL)),
                ('declared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='elections.election')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('election', 'name', 'post'), name='candidate_once_a_post'), models.CheckConstraint(condition=models.Q(('post__in', ['chair', 'deputy_chair', 'committee_member', 'women_head', 'audit_head', 'organiser', 'staff', 'contracted', 'group_leader', 'delegate', 'worker_director'])), name='candidate_post_known'), models.CheckConstraint(condition=models.Q(('nominated_by__in', ['group', 'members', 'committee', 'self'])), name='candidate_nominated_by_known'), models.CheckConstraint(condition=models.Q(('employer_post__in', ['none', 'hr', 'deputy_head'])), name='candidate_employer_post_known')],
            },
        ),
        migrations.CreateModel(
            name='Petition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('meeting', 'A special meeting of the members'), ('recall', 'A recall')], max_length=12)),
                ('state', models.CharField(choices=[('collecting', 'Collecting'), ('reached', 'Enough members have signed'), ('called', 'Meeting called'), ('held', 'Meeting held'), ('confirmed', 'Confirmed'), ('expired', 'Expired')], default='collecting', max_length=12)),
                ('subject', models.CharField(max_length=300)),
                ('begun', models.DateField()),
                ('closes', models.DateField()),
                ('members', models.PositiveIntegerField()),
                ('needed', models.PositiveIntegerField()),
                ('rule', models.CharField(max_length=80)),
                ('signed', models.PositiveIntegerField(default=0)),
                ('meeting_on', models.DateField(blank=True, null=True)),
                ('meeting_place', models.JSONField(blank=True, default=dict)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('all_members', models.PositiveIntegerField(blank=True, null=True)),
                ('present', models.PositiveIntegerField(blank=True, null=True)),
                ('votes_for', models.PositiveIntegerField(blank=True, null=True)),
                ('votes_against', models.PositiveIntegerField(blank=True, null=True)),
                ('minutes_sha256', models.CharField(blank=True, max_length=64)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('passed', models.BooleanField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mandate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mandates.mandate')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='petitions', to='units.unit')),
            ],
            options={
                'ordering': ['-begun', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['collecting', 'reached', 'called', 'held', 'confirmed', 'expired'])), name='petition_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['meeting', 'recall'])), name='petition_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'recall'), _negated=True), ('mandate__isnull', False), _connector='OR'), name='petition_recall_names_an_office'), models.CheckConstraint(condition=models.Q(('present__gte', django.db.models.expressions.CombinedExpression(models.F('votes_for'), '+', models.F('votes_against')))), name='petition_votes_of_present'), models.CheckConstraint(condition=models.Q(('present__lte', models.F('all_members'))), name='petition_present_are_members'), models.UniqueConstraint(condition=models.Q(('state__in', ('confirmed', 'expired')), _negated=True), fields=('mandate',), name='petition_one_recall_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('sent', models.DateTimeField()),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mandates.term')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('term', 'kind'), name='reminder_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['due', 'overdue'])), name='reminder_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='elections.petition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('petition', 'person'), name='signature_one_per_member')],
            },
        ),
    ]
