import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.JSONField()),
            ],
            options={
                'ordering': ['version', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('title', models.JSONField()),
                ('question', models.JSONField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('noticed', 'Announced'), ('open', 'Open'), ('closed', 'Closed, being answered'), ('answered', 'Answered'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('opens', models.DateTimeField()),
                ('closes', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('salt', models.BinaryField(max_length=32, null=True)),
                ('drafted', models.DateTimeField()),
                ('noticed', models.DateTimeField(null=True)),
                ('opened', models.DateTimeField(null=True)),
                ('closed', models.DateTimeField(null=True)),
                ('answered', models.DateTimeField(null=True)),
                ('voters', models.PositiveIntegerField(null=True)),
                ('results', models.JSONField(null=True)),
                ('reason', models.JSONField(default=dict)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='units.unit')),
            ],
            options={
                'ordering': ['-opens', '-pk'],
                'indexes': [models.Index(fields=['state', 'closes'], name='consultatio_state_cfd492_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'noticed', 'open', 'closed', 'answered', 'withdrawn'])), name='consultation_state_known'), models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='consultation_closes_later'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['noticed', 'open', 'closed', 'answered']), _negated=True), ('noticed__isnull', False), _connector='OR'), name='consultation_noticed_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['closed', 'answered']), _negated=True), models.Q(('closed__isnull', False), ('salt__isnull', True)), _connector='OR'), name='consultation_closed_without_salt'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered__isnull', False), _connector='OR'), name='consultation_answered_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(models.Q(('reason', {}), _negated=True), ('salt__isnull', True)), _connector='OR'), name='consultation_withdrawn_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('results__isnull', True), ('voters__isnull', True)), ('state__in', ['closed', 'answered']), _connector='OR'), name='consultation_results_after_close')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('adopted', 'Adopted'), ('partly', 'Partly adopted'), ('not_adopted', 'Not adopted')], max_length=12)),
                ('reason', models.JSONField()),
                ('given', models.DateTimeField()),
                ('given_by', models.BigIntegerField(null=True)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='consultations.consultation')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['adopted', 'partly', 'not_adopted'])), name='answer_outcome_known'), models.CheckConstraint(condition=models.Q(('reason', {}), _negated=True), name='answer_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='ConsultedProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal_code', models.CharField(db_index=True, max_length=32)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='consultations.consultation')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'proposal_code'), name='consulted_proposal_once')],
            },
        ),
        migrations.CreateModel(
            name='OpinionGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.JSONField()),
                ('made', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='consultations.consultation')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('language', models.CharField(max_length=12)),
                ('likeness', models.CharField(max_length=64)),
                ('hidden', models.JSONField(default=list)),
                ('published', models.BooleanField(default=True)),
                ('withheld', models.JSONField(default=dict)),
                ('receipt', models.CharField(blank=True, max_length=16)),
                ('filed', models.DateField()),
                ('state', models.CharField(choices=[('received', 'Received'), ('grouped', 'Put together with others'), ('answered', 'Answered'), ('told', 'Answered and told')], default='received', max_length=12)),
                ('addendum', models.JSONField(default=dict)),
                ('told', models.DateTimeField(null=True)),
                ('answer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='consultations.answer')),
                ('clause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='consultations.clause')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='consultations.consultation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='people.person')),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='opinions', to='consultations.opiniongroup')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['consultation', 'state'], name='consultatio_consult_ceb06d_idx'), models.Index(fields=['receipt'], name='consultatio_receipt_315337_idx')],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'clause', 'person', 'likeness'), name='opinion_said_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('state__in', ['received', 'grouped', 'answered', 'told'])), name='opinion_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('state__in', ['received', 'grouped'])), models.Q(('answer__isnull', False), ('state__in', ['answered', 'told'])), _connector='OR'), name='opinion_answered_with_answer'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'grouped'), _negated=True), ('group__isnull', False), _connector='OR'), name='opinion_grouped')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.JSONField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='consultations.consultation')),
            ],
            options={
                'ordering': ['consultation', 'number'],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'number'), name='statement_number_once')],
            },
        ),
        migrations.CreateModel(
            name='TextVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('made', models.DateTimeField()),
                ('sha256', models.CharField(max_length=64)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='consultations.consultation')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'number'), name='textversion_number_once')],
            },
        ),
        migrations.AddField(
            model_name='clause',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='consultations.textversion'),
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('voter', models.CharField(max_length=64)),
                ('value', models.SmallIntegerField(choices=[(1, 'Agree'), (-1, 'Disagree'), (0, 'Pass')])),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='consultations.statement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('statement', 'voter'), name='vote_one_voice'), models.CheckConstraint(condition=models.Q(('value__in', [1, -1, 0])), name='vote_value_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='clause',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='clause_number_once'),
        ),
    ]
