import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('news', 'News'), ('notice', 'Public notice'), ('result', 'Result'), ('announcement', 'Announcement')], default='announcement', max_length=16)),
                ('title', models.JSONField()),
                ('body', models.JSONField()),
                ('code', models.CharField(blank=True, max_length=32)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaits release'), ('published', 'Published'), ('corrected', 'Corrected'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('written_by', models.BigIntegerField(null=True)),
                ('released_by', models.BigIntegerField(null=True)),
                ('changed', models.DateTimeField(null=True)),
                ('published', models.DateTimeField(null=True)),
                ('expires', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('remark', models.CharField(blank=True, max_length=400)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-published'], name='publish_art_state_3d4d4a_idx'), models.Index(fields=['code'], name='publish_art_code_588699_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'published', 'corrected', 'withdrawn'])), name='article_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['news', 'notice', 'result', 'announcement'])), name='article_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'withdrawn']), ('published__isnull', False), _connector='OR'), name='article_published_dated'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), ('written_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), name='article_writer_is_not_releaser'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'notice'), _negated=True), ('state__in', ['draft', 'submitted', 'withdrawn']), ('expires__isnull', False), _connector='OR'), name='article_notice_expires')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.JSONField()),
                ('body', models.JSONField()),
                ('old_title', models.JSONField(default=dict)),
                ('old_body', models.JSONField(default=dict)),
                ('reason', models.JSONField()),
                ('written_by', models.BigIntegerField(null=True)),
                ('written', models.DateTimeField()),
                ('released_by', models.BigIntegerField(null=True)),
                ('released', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='publish.article')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('released_by__isnull', True), ('written_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), name='correction_writer_is_not_releaser'), models.UniqueConstraint(condition=models.Q(('released__isnull', True)), fields=('article',), name='correction_one_at_a_time')],
            },
        ),
    ]
