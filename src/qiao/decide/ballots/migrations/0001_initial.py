import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0002_name_search'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('title', models.JSONField()),
                ('consultation_code', models.CharField(blank=True, max_length=32)),
                ('budget', models.DecimalField(decimal_places=2, max_digits=14)),
                ('rule', models.CharField(choices=[('equal-shares', 'Equal shares')], default='equal-shares', max_length=24)),
                ('tie_rule', models.CharField(choices=[('list-order', 'Of equal projects the one higher on the ballot paper is bought')], default='list-order', max_length=24)),
                ('leftover', models.CharField(choices=[('keep', 'It is not spent'), ('most-votes', 'It buys, of the projects that still fit, the one with the most votes, and so on')], default='keep', max_length=24)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('open', 'Open'), ('closed', 'Closed'), ('counted', 'Counted'), ('withdrawn', 'Withdrawn')], default='planned', max_length=12)),
                ('opens', models.DateTimeField()),
                ('closes', models.DateTimeField()),
                ('planned', models.DateTimeField()),
                ('opened', models.DateTimeField(null=True)),
                ('closed', models.DateTimeField(null=True)),
                ('counted', models.DateTimeField(null=True)),
                ('reason', models.JSONField(blank=True, default=dict)),
                ('roll_size', models.PositiveIntegerField(null=True)),
                ('turnout', models.PositiveIntegerField(null=True)),
                ('spent', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('share', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('papers_root', models.CharField(blank=True, max_length=64)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('ties', models.JSONField(blank=True, default=list)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='units.unit')),
            ],
            options={
                'ordering': ['-planned', '-pk'],
                'indexes': [models.Index(fields=['state', 'closes'], name='ballots_bal_state_c724a2_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'open', 'closed', 'counted', 'withdrawn'])), name='ballot_state_known'), models.CheckConstraint(condition=models.Q(('rule__in', ['equal-shares'])), name='ballot_rule_known'), models.CheckConstraint(condition=models.Q(('tie_rule__in', ['list-order'])), name='ballot_tie_rule_known'), models.CheckConstraint(condition=models.Q(('leftover__in', ['keep', 'most-votes'])), name='ballot_leftover_known'), models.CheckConstraint(condition=models.Q(('budget__gt', 0)), name='ballot_budget_positive'), models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='ballot_closes_after_opening'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'withdrawn']), models.Q(('opened__isnull', False), ('roll_size__isnull', False)), _connector='OR'), name='ballot_open_has_roll'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['planned', 'open']), _negated=True), ('turnout__isnull', True), _connector='OR'), name='ballot_no_running_totals'), models.CheckConstraint(condition=models.Q(('turnout__isnull', True), ('turnout__lte', models.F('roll_size')), _connector='OR'), name='ballot_turnout_within_roll')],
            },
        ),
        migrations.CreateModel(
            name='BallotItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal_code', models.CharField(max_length=32)),
                ('title', models.JSONField()),
                ('cost', models.DecimalField(decimal_places=2, max_digits=14)),
                ('position', models.PositiveSmallIntegerField()),
                ('votes', models.PositiveIntegerField(null=True)),
                ('place', models.PositiveSmallIntegerField(null=True)),
                ('payment', models.JSONField(blank=True, default=dict)),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='ballots.ballot')),
            ],
            options={
                'ordering': ['position'],
                'indexes': [models.Index(fields=['proposal_code'], name='ballots_bal_proposa_25fe3b_idx')],
                'constraints': [models.UniqueConstraint(fields=('ballot', 'proposal_code'), name='ballotitem_once'), models.UniqueConstraint(fields=('ballot', 'position'), name='ballotitem_own_line'), models.CheckConstraint(condition=models.Q(('cost__gt', 0)), name='ballotitem_cost_positive')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('approvals', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None)),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='ballots.ballot')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('approvals__len__gt', 0)), name='paper_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='ResultFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('ballot', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='result_file', to='ballots.ballot')),
            ],
        ),
        migrations.CreateModel(
            name='RollEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voted', models.BooleanField(default=False)),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roll', to='ballots.ballot')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ballot', 'person'), name='rollentry_one_member_one_vote')],
            },
        ),
    ]
