"""The states of handbook card C04, frames, deliveries, calls, stacks of paper; old rows are carried over."""

import django.db.models.deletion
import qiao.base.vault.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0003_limits_and_erasure'),
        ('units', '0005_former_names_by_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Burst',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField(max_length=32)),
                ('number', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('outcome', models.CharField(choices=[('none', 'Not called yet'), ('no_answer', 'Nobody answered'), ('appointment', 'Appointment made'), ('refused', 'Does not want to take part'), ('wrong_number', 'Wrong number')], default='none', max_length=12)),
                ('appointment', models.DateTimeField(null=True)),
                ('last_day', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PaperBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('state', models.CharField(choices=[('typing', 'Being typed'), ('verifying', 'A share is typed again'), ('stored', 'Stored'), ('discarded', 'Discarded')], default='typing', max_length=12)),
                ('expected', models.PositiveIntegerField()),
                ('share', models.PositiveSmallIntegerField()),
                ('opened', models.DateTimeField()),
                ('report', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='PaperSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('code_hash', models.BinaryField(max_length=32)),
                ('answers', qiao.base.vault.fields.EncryptedTextField(bind=('batch_id', 'number'), editable=False)),
                ('again', qiao.base.vault.fields.EncryptedTextField(bind=('batch_id', 'number'), blank=True, editable=False)),
                ('differs', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='PrivacyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('passed', 'May go on'), ('refused', 'Goes back to the owner')], max_length=8)),
                ('sensitive', models.JSONField(default=list)),
                ('points', models.JSONField(default=dict)),
                ('retention_days', models.PositiveSmallIntegerField()),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='round',
            name='round_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='round',
            name='round_asked_known',
        ),
        migrations.RemoveConstraint(
            model_name='round',
            name='round_stratum_known',
        ),
        migrations.RemoveConstraint(
            model_name='round',
            name='round_published_is_frozen',
        ),
        migrations.RemoveConstraint(
            model_name='round',
            name='round_erased_after_published',
        ),
        migrations.AddField(
            model_name='answer',
            name='cluster',
            field=models.CharField(blank=True, db_default='', max_length=20),
        ),
        migrations.AddField(
            model_name='answer',
            name='flagged',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='answer',
            name='mode',
            field=models.CharField(blank=True, db_default='', max_length=5),
        ),
        migrations.AddField(
            model_name='invitation',
            name='cluster',
            field=models.CharField(blank=True, db_default='', max_length=20),
        ),
        migrations.AddField(
            model_name='invitation',
            name='delivery',
            field=models.CharField(choices=[('waiting', 'Not asked yet'), ('sending', 'Being sent'), ('sent', 'Asked by mail or SMS'), ('letter', 'Asked on paper'), ('unsure', 'Perhaps not reached'), ('undeliverable', 'Could not be reached')], db_default='waiting', default='waiting', max_length=13),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mode',
            field=models.CharField(blank=True, choices=[('web', 'Online'), ('paper', 'On paper'), ('phone', 'By telephone')], db_default='', max_length=5),
        ),
        migrations.AddField(
            model_name='invitation',
            name='slip',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='tries',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='invitation',
            name='unit_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='wave',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='allocation',
            field=models.CharField(choices=[('proportional', 'In proportion to the members'), ('equal', 'The same number from each'), ('neyman', 'By size and by how much an earlier round varied (Neyman)'), ('given', 'Numbers given for each')], default='proportional', max_length=12),
        ),
        migrations.AddField(
            model_name='round',
            name='clusters',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='round',
            name='commitment',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='round',
            name='design',
            field=models.CharField(choices=[('elements', 'Members, drawn one by one'), ('two_stage', 'Unions first, by their size, then members in each'), ('clusters', 'Unions first, then every member in each')], default='elements', max_length=12),
        ),
        migrations.AddField(
            model_name='round',
            name='drawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='earlier_code',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name='round',
            name='earlier_item',
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name='round',
            name='early_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='round',
            name='expected_rate',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='extensions',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='round',
            name='flagged',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='frame_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='frame_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='round',
            name='given',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='round',
            name='linked',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='nonce',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='round',
            name='per_cluster',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='purpose',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='round',
            name='reminded',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='reminders_after',
            field=models.PositiveSmallIntegerField(default=7),
        ),
        migrations.AddField(
            model_name='round',
            name='reminders_most',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='site',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='round',
            name='undeliverable',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='weight_cap',
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='person_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='round',
            name='asked',
            field=models.CharField(choices=[('census', 'Every member of the unit'), ('sample', 'A random sample of the members'), ('volunteers', 'Whoever wants to answer (volunteers, not representative)'), ('base_unions', 'Every base union, one answer each by its officers')], max_length=12),
        ),
        migrations.AlterField(
            model_name='round',
            name='state',
            field=models.CharField(choices=[('planned', 'Round planned'), ('privacy_checked', 'Privacy checked'), ('sampled', 'Sample drawn'), ('fielding', 'Open for answers'), ('closed', 'Round closed'), ('weighted', 'Answers weighted'), ('published', 'Results published'), ('published_as_failed', 'Published as failed'), ('linked', 'Every finding answered')], default='planned', max_length=20),
        ),
        migrations.AlterField(
            model_name='round',
            name='stratum_by',
            field=models.CharField(choices=[('district', 'The units directly below'), ('hub', 'The units two levels below'), ('employment', 'The kind of employment'), ('sector', 'The sector of the employer'), ('unit_kind', 'The kind of the union'), ('none', 'Nothing: one draw from all')], default='district', max_length=12),
        ),
        # What the old rows say, in the new words: a link that was mailed has been sent, a failed round keeps its end.
        migrations.RunSQL(
            "UPDATE surveys_invitation SET delivery = 'sent' WHERE mailed",
            "UPDATE surveys_invitation SET mailed = delivery IN ('sent', 'unsure')",
        ),
        migrations.RunSQL(
            "UPDATE surveys_invitation SET delivery = 'letter' WHERE NOT mailed AND code_hash IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE surveys_round SET state = 'published_as_failed' WHERE state = 'failed'",
            "UPDATE surveys_round SET state = CASE state WHEN 'published_as_failed' THEN 'failed' "
            "WHEN 'linked' THEN 'published' WHEN 'weighted' THEN 'closed' WHEN 'privacy_checked' THEN 'planned' "
            "ELSE state END",
        ),
        migrations.RemoveField(
            model_name='invitation',
            name='mailed',
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('round', 'unit_id'), name='invitation_unit_once'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('delivery__in', ['waiting', 'sending', 'sent', 'letter', 'unsure', 'undeliverable'])), name='invitation_delivery_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['', 'web', 'paper', 'phone'])), name='invitation_mode_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('person_id__isnull', False), ('unit_id__isnull', False), _connector='OR'), name='invitation_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'privacy_checked', 'sampled', 'fielding', 'closed', 'weighted', 'published', 'published_as_failed', 'linked'])), name='round_state_known'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('asked__in', ['census', 'sample', 'volunteers', 'base_unions'])), name='round_asked_known'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('stratum_by__in', ['district', 'hub', 'employment', 'sector', 'unit_kind', 'none'])), name='round_stratum_known'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('design__in', ['elements', 'two_stage', 'clusters'])), name='round_design_known'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('allocation__in', ['proportional', 'equal', 'neyman', 'given'])), name='round_allocation_known'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('design', 'elements'), ('asked', 'sample'), _connector='OR'), name='round_clusters_of_a_sample'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('design', 'two_stage'), _negated=True), ('per_cluster__gt', 0), _connector='OR'), name='round_two_stages_have_sizes'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('drawn_by__isnull', True), ('planned_by__isnull', True), models.Q(('drawn_by', models.F('planned_by')), _negated=True), _connector='OR'), name='round_drawer_is_not_owner'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'published_as_failed', 'linked']), _negated=True), models.Q(('manifest_hash', ''), _negated=True), _connector='OR'), name='round_published_is_frozen'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'linked'), _negated=True), ('linked__isnull', False), _connector='OR'), name='round_linked_dated'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('erased__isnull', True), ('state__in', ['published', 'published_as_failed', 'linked']), _connector='OR'), name='round_erased_after_published'),
        ),
        migrations.AddField(
            model_name='burst',
            name='round',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.round'),
        ),
        migrations.AddField(
            model_name='call',
            name='interviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='call',
            name='invitation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='call', to='surveys.invitation'),
        ),
        migrations.AddField(
            model_name='paperbatch',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paperbatch',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='surveys.round'),
        ),
        migrations.AddField(
            model_name='papersheet',
            name='again_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='papersheet',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='surveys.paperbatch'),
        ),
        migrations.AddField(
            model_name='papersheet',
            name='typed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='privacycheck',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='privacycheck',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='surveys.round'),
        ),
        migrations.AddConstraint(
            model_name='burst',
            constraint=models.UniqueConstraint(fields=('round', 'key'), name='burst_once'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['none', 'no_answer', 'appointment', 'refused', 'wrong_number'])), name='call_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('appointment__isnull', True), ('outcome', 'appointment'), _connector='OR'), name='call_appointment_said'),
        ),
        migrations.AddConstraint(
            model_name='paperbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['typing', 'verifying', 'stored', 'discarded'])), name='paperbatch_state_known'),
        ),
        migrations.AddConstraint(
            model_name='paperbatch',
            constraint=models.CheckConstraint(condition=models.Q(('expected__gt', 0)), name='paperbatch_of_something'),
        ),
        migrations.AddConstraint(
            model_name='papersheet',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='papersheet_number_once'),
        ),
        migrations.AddConstraint(
            model_name='papersheet',
            constraint=models.UniqueConstraint(fields=('batch', 'code_hash'), name='papersheet_code_once'),
        ),
        migrations.AddConstraint(
            model_name='privacycheck',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['passed', 'refused'])), name='privacycheck_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='privacycheck',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', 'passed'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='privacycheck_refusal_has_reason'),
        ),
    ]
