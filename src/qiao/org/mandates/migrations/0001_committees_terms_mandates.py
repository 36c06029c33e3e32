import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0002_name_search'),
        ('people', '__first__'),
        ('units', '0002_dated_names_and_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Committee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('union', 'Union committee'), ('executive', 'Executive of the committee'), ('women', "Women workers' committee"), ('audit', 'Audit committee'), ('mediation', 'Mediation committee')], max_length=12)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='committees', to='units.unit')),
            ],
            options={
                'ordering': ['unit_id', 'kind', 'since'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['union', 'executive', 'women', 'audit', 'mediation'])), name='committee_kind_known'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='committee_ends_after_start'), models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('unit', 'kind'), name='committee_one_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('ended', models.DateField(blank=True, null=True)),
                ('seats', models.PositiveSmallIntegerField(default=0)),
                ('due_from', models.DateField()),
                ('rule', models.CharField(max_length=80)),
                ('due_rule', models.CharField(max_length=80)),
                ('election_code', models.CharField(blank=True, max_length=32)),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='mandates.committee')),
            ],
            options={
                'ordering': ['committee_id', 'since'],
                'indexes': [models.Index(condition=models.Q(('ended__isnull', True)), fields=['until'], name='term_running_until')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='term_ends_after_start'), models.CheckConstraint(condition=models.Q(('ended__isnull', True), ('ended__gte', models.F('since')), _connector='OR'), name='term_ended_after_start'), models.UniqueConstraint(fields=('committee', 'number'), name='term_number_once'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('committee'), models.F('committee'), models.Value('[]'), function='int8range', output_field=models.TextField()), '&&'), (models.Func(models.F('since'), models.F('ended'), function='daterange', output_field=models.TextField()), '&&')], name='term_no_overlap')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('post', models.CharField(choices=[('chair', 'Chair'), ('deputy_chair', 'Deputy chair'), ('committee_member', 'Committee member'), ('women_head', "Head of the women workers' committee"), ('audit_head', 'Head of the audit committee'), ('organiser', 'Organiser'), ('staff', 'Union staff'), ('contracted', 'Contracted union worker'), ('group_leader', 'Union group leader'), ('delegate', 'Congress delegate'), ('worker_director', 'Worker director')], max_length=20)),
                ('engagement', models.CharField(choices=[('full_time', 'Full-time'), ('seconded', 'Seconded'), ('part_time', 'Part-time, beside their work')], default='part_time', max_length=12)),
                ('employer_post', models.CharField(choices=[('none', 'None'), ('hr', 'Head of personnel'), ('deputy_head', 'Deputy head of the employer')], default='none', max_length=12)),
                ('group_name', models.CharField(blank=True, max_length=80)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('term', 'The term ended'), ('resigned', 'Resigned'), ('recalled', 'Recalled by the members'), ('left', 'Left the unit'), ('died', 'Died'), ('corrected', 'Entered by mistake')], max_length=12)),
                ('office_phone', models.CharField(blank=True, max_length=40)),
                ('office_mail', models.EmailField(blank=True, max_length=254)),
                ('office_place', models.JSONField(blank=True, default=dict)),
                ('office_hours', models.JSONField(blank=True, default=dict)),
                ('own_channel_agreed', models.DateTimeField(blank=True, null=True)),
                ('confirmed', models.DateField(blank=True, null=True)),
                ('source_code', models.CharField(blank=True, max_length=32)),
                ('post_code', models.CharField(blank=True, max_length=32)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to=settings.AUTH_USER_MODEL)),
                ('committee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='mandates.committee')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='people.person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='units.unit')),
                ('term', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='mandates.term')),
            ],
            options={
                'ordering': ['unit_id', 'since', 'pk'],
                'indexes': [models.Index(fields=['unit', 'post', 'since'], name='mandate_unit_post'), models.Index(condition=models.Q(('until__isnull', True)), fields=['post'], name='mandate_running_post')],
                'constraints': [models.CheckConstraint(condition=models.Q(('post__in', ['chair', 'deputy_chair', 'committee_member', 'women_head', 'audit_head', 'organiser', 'staff', 'contracted', 'group_leader', 'delegate', 'worker_director'])), name='mandate_post_known'), models.CheckConstraint(condition=models.Q(('engagement__in', ['full_time', 'seconded', 'part_time'])), name='mandate_engagement_known'), models.CheckConstraint(condition=models.Q(('employer_post__in', ['none', 'hr', 'deputy_head'])), name='mandate_employer_post_known'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='mandate_ends_after_start'), models.CheckConstraint(condition=models.Q(('end_reason', ''), ('end_reason__in', ['term', 'resigned', 'recalled', 'left', 'died', 'corrected']), _connector='OR'), name='mandate_end_reason_known'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('post', 'audit_head')), expressions=[(models.Func(models.F('unit'), models.F('unit'), models.Value('[]'), function='int8range', output_field=models.TextField()), '&&'), (models.Func(models.F('since'), models.F('until'), function='daterange', output_field=models.TextField()), '&&')], name='mandate_one_audit_head_at_a_time'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('post', 'chair')), expressions=[(models.Func(models.F('unit'), models.F('unit'), models.Value('[]'), function='int8range', output_field=models.TextField()), '&&'), (models.Func(models.F('since'), models.F('until'), function='daterange', output_field=models.TextField()), '&&')], name='mandate_one_chair_at_a_time'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('post', 'women_head')), expressions=[(models.Func(models.F('unit'), models.F('unit'), models.Value('[]'), function='int8range', output_field=models.TextField()), '&&'), (models.Func(models.F('since'), models.F('until'), function='daterange', output_field=models.TextField()), '&&')], name='mandate_one_women_head_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='TestRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('drawn', models.DateTimeField()),
                ('seed', models.CharField(max_length=64)),
                ('share', models.FloatField()),
                ('frame_size', models.PositiveIntegerField()),
                ('frame_hash', models.CharField(max_length=64)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='test_rounds', to='units.unit')),
            ],
            options={
                'ordering': ['-drawn'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'year'), name='testround_once_a_year')],
            },
        ),
        migrations.CreateModel(
            name='TestContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(blank=True, max_length=12)),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'Answered'), ('silent', 'Nobody answered'), ('wrong', 'The channel leads elsewhere')], max_length=12)),
                ('tested', models.DateField(blank=True, null=True)),
                ('mandate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tests', to='mandates.mandate')),
                ('tester', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tester_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='test_contacts', to='units.unit')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='mandates.testround')),
            ],
            options={
                'ordering': ['round_id', 'unit_id'],
                'indexes': [models.Index(fields=['unit', '-tested'], name='testcontact_last')],
                'constraints': [models.UniqueConstraint(fields=('round', 'unit'), name='testcontact_once_a_round'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('tested__isnull', True)), models.Q(('outcome__in', ['answered', 'silent', 'wrong']), ('tested__isnull', False)), _connector='OR'), name='testcontact_outcome_has_a_day')],
            },
        ),
    ]
