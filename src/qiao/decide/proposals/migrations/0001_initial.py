import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('title', models.JSONField()),
                ('text', models.JSONField()),
                ('cost', models.DecimalField(decimal_places=2, max_digits=14)),
                ('state', models.CharField(choices=[('raised', 'Raised'), ('consulted', 'Put to members'), ('on_ballot', 'On the ballot'), ('adopted', 'Adopted'), ('rejected', 'Not taken up')], default='raised', max_length=12)),
                ('reason', models.JSONField(default=dict)),
                ('raised', models.DateTimeField()),
                ('raised_by', models.BigIntegerField(null=True)),
                ('changed', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='units.unit')),
            ],
            options={
                'ordering': ['-raised', '-pk'],
                'indexes': [models.Index(fields=['state', '-raised'], name='proposals_p_state_6e6acf_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['raised', 'consulted', 'on_ballot', 'adopted', 'rejected'])), name='proposal_state_known'), models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='proposal_cost_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'rejected'), _negated=True), models.Q(('reason', {}), _negated=True), _connector='OR'), name='proposal_rejected_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='ServedNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('need_code', models.CharField(db_index=True, max_length=32)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='proposals.proposal')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'need_code'), name='proposal_need_once')],
            },
        ),
    ]
