import django.contrib.postgres.fields
import django.db.models.deletion
import qiao.base.vault.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_name_search'),
        ('units', '0002_dated_names_and_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8)),
                ('reason', models.CharField(max_length=300)),
                ('not_since', models.DateField()),
                ('started', models.DateTimeField()),
                ('closes', models.DateTimeField()),
                ('site', models.CharField(max_length=200)),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='campaign_state_known'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('unit',), name='campaign_one_open_in_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='ChannelOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('inbox', 'On the platform'), ('mail', 'E-mail'), ('sms', 'SMS')], max_length=8), size=None)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='channel_order', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='CheckLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Not sent yet'), ('sent', 'Sent'), ('unreached', 'Reached nobody'), ('confirmed', 'Confirmed'), ('corrected', 'Corrected'), ('expired', 'Expired')], default='waiting', max_length=10)),
                ('secret_hash', models.BinaryField(max_length=32, null=True, unique=True)),
                ('changed', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='people.campaign')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', 'state'], name='people_chec_campaig_f82e4c_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'unreached', 'confirmed', 'corrected', 'expired'])), name='checklink_state_known'), models.UniqueConstraint(fields=('campaign', 'person'), name='checklink_once')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('join', 'Membership'), ('identity_check', 'Check of who I am'), ('sensitive_aid', 'Health, money and household for aid'), ('means_check', 'Asking the civil affairs office about my means'), ('child_data', 'Data of my child under 14'), ('home_visit', 'A visit at home'), ('pairing', 'A helper at my side'), ('contact_by_helper', 'My helper may contact me'), ('share_case', 'Passing my case on'), ('represent', 'Acting for me'), ('publish_name', 'Publishing my name'), ('see_by_other_unit', 'Another unit may open my record'), ('channel_mail', 'Messages by e-mail'), ('channel_sms', 'Messages by SMS')], max_length=20)),
                ('code', models.CharField(blank=True, max_length=32)),
                ('version', models.PositiveSmallIntegerField()),
                ('language', models.CharField(max_length=12)),
                ('source', models.CharField(choices=[('self', 'Given by the person'), ('officer', 'Entered by an officer'), ('import', 'Taken over from a table')], max_length=8)),
                ('given', models.DateTimeField()),
                ('revoked', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['join', 'identity_check', 'sensitive_aid', 'means_check', 'child_data', 'home_visit', 'pairing', 'contact_by_helper', 'share_case', 'represent', 'publish_name', 'see_by_other_unit', 'channel_mail', 'channel_sms'])), name='consent_kind_known'), models.CheckConstraint(condition=models.Q(('source__in', ['self', 'officer', 'import'])), name='consent_source_known'), models.CheckConstraint(condition=models.Q(('revoked__isnull', True), ('revoked__gte', models.F('given')), _connector='OR'), name='consent_ends_after_start'), models.UniqueConstraint(condition=models.Q(('revoked__isnull', True)), fields=('person', 'kind', 'code'), name='consent_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mobile', 'Mobile number'), ('mail', 'E-mail address')], max_length=8)),
                ('value', qiao.base.vault.fields.EncryptedTextField(bind=('person_id', 'kind'), editable=False)),
                ('found_by', qiao.base.vault.fields.FingerprintField(db_index=True, editable=False, purpose='people.contact')),
                ('state', models.CharField(choices=[('unconfirmed', 'Not confirmed'), ('confirmed', 'Confirmed'), ('stale', 'Reaches nobody')], default='unconfirmed', max_length=12)),
                ('source', models.CharField(choices=[('self', 'Given by the person'), ('officer', 'Entered by an officer'), ('import', 'Taken over from a table')], default='officer', max_length=8)),
                ('entered', models.DateField()),
                ('checked', models.DateField(null=True)),
                ('code', qiao.base.vault.fields.EncryptedTextField(bind=('person_id', 'kind'), editable=False, null=True)),
                ('code_until', models.DateTimeField(null=True)),
                ('code_tries', models.PositiveSmallIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['mobile', 'mail'])), name='contact_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['unconfirmed', 'confirmed', 'stale'])), name='contact_state_known'), models.CheckConstraint(condition=models.Q(('source__in', ['self', 'officer', 'import'])), name='contact_source_known'), models.UniqueConstraint(fields=('person', 'kind'), name='contact_one_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('correction', 'Correction'), ('erasure', 'Erasure'), ('kin_access', 'Access by next of kin')], max_length=12)),
                ('state', models.CharField(choices=[('filed', 'Filed'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='filed', max_length=10)),
                ('unit_path', models.CharField(blank=True, max_length=255)),
                ('field', models.CharField(blank=True, max_length=12)),
                ('text', qiao.base.vault.fields.EncryptedTextField(bind=('code',), editable=False)),
                ('asker', qiao.base.vault.fields.EncryptedTextField(bind=('code',), editable=False, null=True)),
                ('receipt', models.CharField(blank=True, max_length=16)),
                ('filed', models.DateTimeField()),
                ('due', models.DateTimeField()),
                ('rule', models.CharField(max_length=120)),
                ('decided', models.DateTimeField(null=True)),
                ('ground', models.CharField(blank=True, choices=[('standing', 'The membership still stands: end it first'), ('legal_duty', 'A law says that it is kept'), ('hold', 'An open case or a court holds it'), ('unproven', 'It is not shown that this is so, or who asks')], max_length=12)),
                ('reason', qiao.base.vault.fields.EncryptedTextField(bind=('code',), editable=False, null=True)),
                ('carried_out', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='data_requests', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'due'], name='people_data_state_b40813_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['correction', 'erasure', 'kin_access'])), name='datarequest_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['filed', 'granted', 'refused', 'withdrawn'])), name='datarequest_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), ('ground__in', ['standing', 'legal_duty', 'hold', 'unproven']), _connector='OR'), name='datarequest_refused_on_a_ground'), models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('state', 'filed')), fields=('person', 'kind', 'field'), name='datarequest_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sex', models.CharField(blank=True, choices=[('female', 'Female'), ('male', 'Male'), ('other', 'Other')], max_length=8)),
                ('self_declared_migrant', models.BooleanField(null=True)),
                ('said', models.DateField()),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='declaration', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sex__in', ['', 'female', 'male', 'other'])), name='declaration_sex_known')],
            },
        ),
        migrations.CreateModel(
            name='IdentityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('number', 'Identity number checked'), ('paper', 'Paper proof seen')], max_length=8)),
                ('found_by', qiao.base.vault.fields.FingerprintField(db_index=True, editable=False, null=True, purpose='people.identity')),
                ('last_four', models.CharField(blank=True, max_length=4)),
                ('checked', models.DateField()),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='identity', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('found_by__isnull', False), ('way', 'number')), models.Q(('found_by__isnull', True), ('last_four', ''), ('way', 'paper')), _connector='OR'), name='identitycheck_number_or_paper')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('looker', models.CharField(max_length=120)),
                ('office', models.JSONField(default=dict)),
                ('unit_path', models.CharField(blank=True, max_length=255)),
                ('record', models.CharField(max_length=32)),
                ('reason', models.CharField(max_length=300)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-at'], name='look_of_person'), models.Index(fields=['at'], name='people_look_at_bbe520_idx')],
            },
        ),
        migrations.CreateModel(
            name='PersonMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('subject', qiao.base.vault.fields.EncryptedTextField(bind=('key',), editable=False)),
                ('text', qiao.base.vault.fields.EncryptedTextField(bind=('key',), editable=False)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('once', models.CharField(max_length=80, null=True, unique=True)),
                ('read', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-at'], name='message_of_person'), models.Index(fields=['account', '-at'], name='message_of_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), ('account__isnull', False), _connector='OR'), name='personmessage_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('inbox', 'On the platform'), ('mail', 'E-mail'), ('sms', 'SMS')], max_length=8)),
                ('place', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed'), ('skipped', 'Not needed')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('fault', models.CharField(blank=True, max_length=32)),
                ('changed', models.DateTimeField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='people.personmessage')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['inbox', 'mail', 'sms'])), name='delivery_channel_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'failed', 'skipped'])), name='delivery_state_known'), models.UniqueConstraint(fields=('message', 'channel'), name='delivery_once')],
            },
        ),
    ]
