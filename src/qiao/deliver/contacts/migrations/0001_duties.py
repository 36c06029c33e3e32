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
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('where', models.CharField(blank=True, max_length=120)),
                ('system', models.CharField(choices=[('research', 'Research at the base'), ('contact_point', 'Contact point'), ('contact_workers', 'Talk with workers'), ('follow_shift', 'Following a shift'), ('reception_day', "Chair's reception day"), ('practical_deeds', 'Practical deeds on site')], max_length=16)),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('open_to_workers', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('confirmed', 'Day agreed'), ('overdue', 'Not logged in time'), ('done', 'Done'), ('handed_over', 'Issues handed over'), ('answered_back', 'Answered back'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='planned', max_length=16)),
                ('planned', models.DateTimeField()),
                ('log_due', models.DateTimeField()),
                ('notes', models.TextField(blank=True)),
                ('none_raised', models.BooleanField(default=False)),
                ('logged', models.DateTimeField(null=True)),
                ('present', models.BooleanField(null=True)),
                ('attested', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('attested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['officer', 'starts'], name='contacts_du_officer_965913_idx'), models.Index(fields=['place', 'starts'], name='contacts_du_place_i_76a87d_idx'), models.Index(fields=['state', 'log_due'], name='contacts_du_state_83dac1_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'confirmed', 'overdue', 'done', 'handed_over', 'answered_back', 'closed', 'cancelled'])), name='duty_state_known'), models.CheckConstraint(condition=models.Q(('system__in', ['research', 'contact_point', 'contact_workers', 'follow_shift', 'reception_day', 'practical_deeds'])), name='duty_system_known'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='duty_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('officer')), _negated=True), _connector='OR'), name='duty_agreed_by_the_place'), models.CheckConstraint(condition=models.Q(('attested_by__isnull', True), models.Q(('attested_by', models.F('officer')), _negated=True), _connector='OR'), name='duty_attested_by_the_place'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='duty_cancelled_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveSmallIntegerField()),
                ('topic', models.CharField(choices=[('pay', 'Pay'), ('insurance', 'Insurance'), ('contract', 'Contract and dismissal'), ('hours', 'Hours and leave'), ('safety', 'Safety and injury'), ('membership', 'Membership'), ('aid', 'Aid'), ('service', 'The union and its services'), ('other', 'Something else')], max_length=12)),
                ('text', models.TextField()),
                ('receipt', models.CharField(max_length=16, unique=True)),
                ('handed', models.DateTimeField(null=True)),
                ('due', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('solved', 'Solved'), ('partly', 'Partly solved'), ('not_solved', 'Not solved'), ('not_reached', 'Nobody reached')], max_length=12)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='contacts.duty')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'ordering': ['duty', 'serial'],
                'indexes': [models.Index(condition=models.Q(('answered__isnull', True)), fields=['holder', 'due'], name='issue_waiting')],
                'constraints': [models.UniqueConstraint(fields=('duty', 'serial'), name='issue_serial_once'), models.CheckConstraint(condition=models.Q(('topic__in', ['pay', 'insurance', 'contract', 'hours', 'safety', 'membership', 'aid', 'service', 'other'])), name='issue_topic_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'solved', 'partly', 'not_solved', 'not_reached'])), name='issue_outcome_known'), models.CheckConstraint(condition=models.Q(('handed__isnull', True), models.Q(('due__isnull', False), ('holder__isnull', False)), _connector='OR'), name='issue_handed_to_somebody_by_a_day'), models.CheckConstraint(condition=models.Q(('outcome', ''), ('answered__isnull', False), _connector='OR'), name='issue_outcome_of_an_answer')],
            },
        ),
    ]
