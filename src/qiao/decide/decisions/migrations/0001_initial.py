import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('title', models.JSONField()),
                ('text', models.JSONField()),
                ('consultation_code', models.CharField(max_length=32)),
                ('ballot_code', models.CharField(blank=True, max_length=32)),
                ('taken', models.DateTimeField()),
                ('taken_by', models.BigIntegerField(null=True)),
                ('votes_for', models.PositiveSmallIntegerField(null=True)),
                ('votes_against', models.PositiveSmallIntegerField(null=True)),
                ('votes_abstained', models.PositiveSmallIntegerField(null=True)),
                ('adopted', models.PositiveIntegerField(default=0)),
                ('partly', models.PositiveIntegerField(default=0)),
                ('not_adopted', models.PositiveIntegerField(default=0)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='units.unit')),
            ],
            options={
                'ordering': ['-taken', '-pk'],
                'indexes': [models.Index(fields=['-taken'], name='decisions_d_taken_3f642f_idx')],
                'constraints': [models.UniqueConstraint(fields=('consultation_code',), name='decision_once_for_a_consultation'), models.UniqueConstraint(condition=models.Q(('ballot_code', ''), _negated=True), fields=('ballot_code',), name='decision_once_for_a_ballot'), models.CheckConstraint(condition=models.Q(('consultation_code', ''), _negated=True), name='decision_follows_a_consultation'), models.CheckConstraint(condition=models.Q(models.Q(('votes_abstained__isnull', True), ('votes_against__isnull', True), ('votes_for__isnull', True)), models.Q(('votes_abstained__gte', 0), ('votes_for__gt', models.F('votes_against'))), _connector='OR'), name='decision_carried')],
            },
        ),
        migrations.CreateModel(
            name='DecidedProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal_code', models.CharField(max_length=32)),
                ('title', models.JSONField()),
                ('cost', models.DecimalField(decimal_places=2, max_digits=14)),
                ('fate', models.CharField(choices=[('adopted', 'Adopted'), ('rejected', 'Not taken up')], max_length=12)),
                ('reason', models.JSONField(blank=True, default=dict)),
                ('position', models.PositiveSmallIntegerField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='decisions.decision')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('proposal_code',), name='decidedproposal_once'), models.CheckConstraint(condition=models.Q(('fate__in', ['adopted', 'rejected'])), name='decidedproposal_fate_known'), models.CheckConstraint(condition=models.Q(('fate', 'adopted'), models.Q(('reason', {}), _negated=True), _connector='OR'), name='decidedproposal_no_needs_reason')],
            },
        ),
    ]
