import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('project_code', models.CharField(max_length=32)),
                ('title', models.JSONField()),
                ('commissioned_by', models.BigIntegerField(null=True)),
                ('sample_size', models.PositiveIntegerField(null=True)),
                ('instrument', models.CharField(max_length=32)),
                ('opens', models.DateTimeField()),
                ('closes', models.DateTimeField()),
                ('state', models.CharField(choices=[('terms', 'Terms fixed'), ('keyed', 'Key registered'), ('open', 'Open for judging'), ('sealed', 'Closed and sealed'), ('published', 'Results published'), ('responded', 'Union has responded'), ('void', 'Void')], default='terms', max_length=12)),
                ('terms_hash', models.CharField(max_length=64)),
                ('public_key', models.CharField(blank=True, max_length=64)),
                ('opened', models.DateTimeField(null=True)),
                ('sheet_made', models.DateTimeField(null=True)),
                ('population', models.PositiveIntegerField(null=True)),
                ('asked', models.PositiveIntegerField(null=True)),
                ('closed', models.DateTimeField(null=True)),
                ('closed_early', models.TextField(blank=True)),
                ('received', models.PositiveIntegerField(null=True)),
                ('root', models.CharField(blank=True, max_length=64)),
                ('published', models.DateTimeField(null=True)),
                ('bundle_hash', models.CharField(blank=True, max_length=64)),
                ('finding_code', models.CharField(blank=True, max_length=32)),
                ('response', models.JSONField(default=dict)),
                ('response_due', models.DateField(null=True)),
                ('responded', models.DateTimeField(null=True)),
                ('void_reason', models.JSONField(default=dict)),
                ('evaluator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'closes'], name='evaluations_state_741d0b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['terms', 'keyed', 'open', 'sealed', 'published', 'responded', 'void'])), name='evaluation_state_known'), models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='evaluation_closes_later'), models.CheckConstraint(condition=models.Q(('state__in', ['terms', 'void']), models.Q(('public_key', ''), _negated=True), _connector='OR'), name='evaluation_keyed'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sealed', 'published', 'responded']), _negated=True), models.Q(('closed__isnull', False), ('population__isnull', False), ('received__isnull', False), models.Q(('root', ''), _negated=True)), _connector='OR'), name='evaluation_sealed_with_root'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'responded']), _negated=True), models.Q(('published__isnull', False), ('response_due__isnull', False), models.Q(('bundle_hash', ''), _negated=True)), _connector='OR'), name='evaluation_published_with_bundle'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), _negated=True), models.Q(('void_reason', {}), _negated=True), _connector='OR'), name='evaluation_void_reason'), models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('project_code',), name='evaluation_one_of_a_project')],
            },
        ),
        migrations.CreateModel(
            name='BundleFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64)),
                ('content', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundle', to='evaluations.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'name'), name='bundle_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(choices=[('awareness', 'Awareness'), ('participation', 'Participation'), ('satisfaction', 'Satisfaction among users'), ('top_box', 'Of these fully satisfied'), ('solved', 'Need solved'), ('composite', 'Composite')], max_length=16)),
                ('base', models.PositiveIntegerField(null=True)),
                ('estimate', models.FloatField(null=True)),
                ('lower', models.FloatField(null=True)),
                ('upper', models.FloatField(null=True)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='evaluations.evaluation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('indicator__in', ['awareness', 'participation', 'satisfaction', 'top_box', 'solved', 'composite'])), name='figure_indicator_known'), models.CheckConstraint(condition=models.Q(models.Q(('base__isnull', True), ('estimate__isnull', True), ('lower__isnull', True), ('upper__isnull', True)), models.Q(('base__isnull', False), ('estimate__gte', models.F('lower')), ('estimate__lte', models.F('upper')), ('lower__gte', 0), ('upper__lte', 1)), _connector='OR'), name='figure_inside_its_interval'), models.UniqueConstraint(fields=('evaluation', 'indicator'), name='figure_once')],
            },
        ),
        migrations.CreateModel(
            name='RollEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('invited', models.BooleanField(default=False)),
                ('answered', models.BooleanField(default=False)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roll', to='evaluations.evaluation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'answered'], name='evaluations_person__32c29a_idx')],
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'person'), name='roll_once')],
            },
        ),
        migrations.CreateModel(
            name='SealedAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_answers', to='evaluations.evaluation')),
            ],
        ),
    ]
