import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=120, unique=True)),
                ('label', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('federation', 'Federation'), ('district', 'District federation'), ('sector', 'Sector union'), ('hub_unit', 'Hub union'), ('base', 'Base union'), ('joint_base', 'Joint base union')], max_length=16)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('preparing', 'Preparing'), ('approved', 'Approved'), ('active', 'Active'), ('term_due', 'Election due'), ('overdue', 'Election overdue'), ('closed', 'Closed')], default='active', max_length=12)),
                ('name', models.JSONField()),
                ('founded', models.DateField()),
                ('closed', models.DateField(blank=True, null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.unit')),
            ],
            options={
                'ordering': ['path'],
                'indexes': [models.Index(fields=['kind'], name='units_unit_kind_af1d48_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['federation', 'district', 'sector', 'hub_unit', 'base', 'joint_base'])), name='unit_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'preparing', 'approved', 'active', 'term_due', 'overdue', 'closed'])), name='unit_state_known'), models.CheckConstraint(condition=models.Q(('closed__isnull', True), ('closed__gte', models.F('founded')), _connector='OR'), name='unit_not_closed_before_founded'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='unit_not_own_parent')],
            },
        ),
        migrations.CreateModel(
            name='UnitLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('axis', models.CharField(choices=[('place', 'Place'), ('sector', 'Sector')], max_length=8)),
                ('relation', models.CharField(choices=[('leads', 'Leads'), ('guides', 'Guides')], max_length=8)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('above', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_below', to='units.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='units.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('axis__in', ['place', 'sector'])), name='unitlink_axis_known'), models.CheckConstraint(condition=models.Q(('relation__in', ['leads', 'guides'])), name='unitlink_relation_known'), models.CheckConstraint(condition=models.Q(('unit', models.F('above')), _negated=True), name='unitlink_not_to_itself'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='unitlink_ends_after_start'), models.UniqueConstraint(condition=models.Q(('axis', 'place'), ('relation', 'leads'), ('until__isnull', True)), fields=('unit',), name='unitlink_one_leading_place_parent')],
            },
        ),
    ]
