import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('units', '0002_dated_names_and_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('request', 'Request for instructions'), ('report', 'Report')], max_length=8)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('issued', 'Issued'), ('received', 'Received'), ('in_review', 'In review'), ('returned', 'Sent back'), ('escalated', 'With the next unit above'), ('answered', 'Answered'), ('deemed', 'Agreed by silence'), ('read', 'Read'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('addressee', models.CharField(choices=[('upper', 'The unit above'), ('committee', 'Our own elected committee'), ('congress', 'Our own congress')], default='upper', max_length=12)),
                ('matter', models.CharField(choices=[('move_chair', 'Moving or dismissing a chair'), ('unit', 'Founding, merging or closing a unit'), ('election', 'Election or term'), ('money', 'Funds and budget'), ('rights', 'Rights and disputes of workers'), ('service', 'Services and activities'), ('unregistered', 'A form or report asked without standing in the register'), ('other', 'Another matter')], max_length=16)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('question', models.TextField(blank=True)),
                ('proposal', models.TextField(blank=True)),
                ('drafted', models.DateTimeField()),
                ('issued', models.DateTimeField(null=True)),
                ('due', models.DateTimeField(null=True)),
                ('days', models.PositiveSmallIntegerField(null=True)),
                ('silence_consents', models.BooleanField(default=False)),
                ('escalations', models.PositiveSmallIntegerField(default=0)),
                ('outcome', models.CharField(blank=True, choices=[('agreed', 'Agreed'), ('conditions', 'Agreed with conditions'), ('refused', 'Not agreed')], max_length=12)),
                ('answer', models.TextField(blank=True)),
                ('answered', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', '-drafted'], name='upward_pape_unit_id_7a2307_idx'), models.Index(fields=['holder', 'state', 'due'], name='upward_pape_holder__0324ef_idx'), models.Index(condition=models.Q(('state__in', ('issued', 'received', 'in_review', 'escalated'))), fields=['due'], name='paper_clock')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['request', 'report'])), name='paper_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'issued', 'received', 'in_review', 'returned', 'escalated', 'answered', 'deemed', 'read', 'closed', 'withdrawn'])), name='paper_state_known'), models.CheckConstraint(condition=models.Q(('matter__in', ['move_chair', 'unit', 'election', 'money', 'rights', 'service', 'unregistered', 'other'])), name='paper_matter_known'), models.CheckConstraint(condition=models.Q(('addressee__in', ['upper', 'committee', 'congress'])), name='paper_addressee_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'agreed', 'conditions', 'refused'])), name='paper_outcome_known'), models.CheckConstraint(condition=models.Q(('issued_by__isnull', True), models.Q(('issued_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='paper_signer_not_drafter'), models.CheckConstraint(condition=models.Q(models.Q(('due__isnull', True), ('kind', 'report'), ('proposal', ''), ('question', '')), models.Q(('kind', 'request'), models.Q(('question', ''), _negated=True)), _connector='OR'), name='paper_question_where_it_belongs'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(models.Q(('outcome', ''), _negated=True), ('answered__isnull', False)), _connector='OR'), name='paper_answered_with_outcome')],
            },
        ),
        migrations.CreateModel(
            name='PaperStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('before', models.CharField(blank=True, max_length=12)),
                ('after', models.CharField(choices=[('draft', 'Draft'), ('issued', 'Issued'), ('received', 'Received'), ('in_review', 'In review'), ('returned', 'Sent back'), ('escalated', 'With the next unit above'), ('answered', 'Answered'), ('deemed', 'Agreed by silence'), ('read', 'Read'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('chase', models.BooleanField(default=False)),
                ('ground', models.TextField(blank=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='log', to='upward.paper')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportDemand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('title', models.JSONField()),
                ('purpose', models.JSONField()),
                ('asked_of', models.CharField(choices=[('federation', 'Federation'), ('district', 'District federation'), ('industry', 'Industry union'), ('sector', 'Sector union'), ('hub_unit', 'Hub union'), ('base_federation', 'Base federation'), ('base', 'Base union'), ('joint_base', 'Joint base union')], max_length=16)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('times', models.PositiveSmallIntegerField()),
                ('announced', models.DateTimeField()),
                ('begins', models.DateField()),
                ('ends', models.DateField()),
                ('existing_since', models.DateField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='upward.reportdemand')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'ends'], name='upward_repo_unit_id_f43758_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='reportdemand_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('times__gt', 0)), name='reportdemand_takes_time'), models.CheckConstraint(condition=models.Q(('asked_of__in', ['federation', 'district', 'industry', 'sector', 'hub_unit', 'base_federation', 'base', 'joint_base'])), name='reportdemand_asked_of_known'), models.CheckConstraint(condition=models.Q(('replaces__isnull', False), ('existing_since__isnull', False), _connector='OR'), name='reportdemand_new_one_ends_an_old')],
            },
        ),
    ]
