
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('photos', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('open', 'being painted'), ('submitted', 'submitted'), ('skipped', 'skipped'), ('released', 'handed back'), ('expired', 'lease ended')], default='open', max_length=10)),
                ('purpose', models.CharField(choices=[('work', 'a mask is wanted'), ('repair', 'a reviewer mends a mask'), ('honeypot', 'the true mask is known'), ('practice', 'to learn')], default='work', max_length=10)),
                ('lease_until', models.DateTimeField()),
                ('with_suggestion', models.BooleanField(default=True, help_text='Drawn when created; the others are the control group.')),
                ('skip_reason', models.CharField(blank=True, max_length=200)),
                ('passes_draft_on', models.BooleanField(default=False, help_text='Handed back with its draft for whoever comes next.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('assessor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='photos.photo')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='DefectMask',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_honeypot', models.BooleanField(default=False, help_text="An accepted mask that others' work is compared with.")),
                ('origin', models.CharField(choices=[('painted', 'painted'), ('suggested', 'painted from a suggestion'), ('imported', 'imported'), ('synthetic', 'known from synthesis'), ('consensus', 'joined from several'), ('visitor', "marked by the photo's owner")], default='painted', max_length=10)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'waiting for review'), ('accepted', 'accepted'), ('returned', 'returned')], default='draft', max_length=10)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the raw bytes.', max_length=64)),
                ('tiles_revision', models.PositiveIntegerField(default=0, help_text='The revision that the tiles hold; later deltas come on top.')),
                ('active_seconds', models.FloatField(default=0.0)),
                ('tools', models.JSONField(default=dict)),
                ('areas', models.JSONField(default=dict, help_text='Pixels of each class when handed in.')),
                ('seen_tiles', models.JSONField(default=list)),
                ('suggestion_weights', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('submitted_at', models.DateTimeField(null=True)),
                ('assignment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mask', to='annotate.assignment')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='masks', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='annotate.defectmask')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='masks', to='photos.photo')),
                ('sources', models.ManyToManyField(help_text='Of a consensus.', related_name='joined_in', to='annotate.defectmask')),
                ('tiles', models.ForeignKey(blank=True, help_text="All tiles that are not empty, in the painter's format.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='truth',
            field=models.ForeignKey(help_text="What a honeypot's mask is compared with.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tests', to='annotate.defectmask'),
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('people', 'person against person'), ('honeypot', 'person against known truth'), ('network', 'network against person')], default='people', max_length=10)),
                ('weights', models.CharField(blank=True, help_text='Of the network.', max_length=64)),
                ('digests', models.CharField(max_length=129)),
                ('dice', models.FloatField()),
                ('tolerant_f1', models.FloatField(help_text='F1 within 2 px.')),
                ('cl_dice', models.FloatField()),
                ('component_recall', models.FloatField(help_text='Empty where there is no component.', null=True)),
                ('parts', models.JSONField(default=dict, help_text='Components met and present, by size: {size: [met, of]}.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='photos.photo')),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotate.defectmask')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotate.defectmask')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('accepted', 'accepted'), ('returned', 'returned')], max_length=10)),
                ('revision', models.PositiveIntegerField()),
                ('comment', models.TextField(blank=True)),
                ('marks', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('mask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='annotate.defectmask')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='StrokeDelta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('client', models.CharField(max_length=64)),
                ('first_seq', models.PositiveIntegerField()),
                ('last_seq', models.PositiveIntegerField()),
                ('active_seconds', models.FloatField(default=0.0, help_text='Of this client, so far.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('mask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deltas', to='annotate.defectmask')),
                ('tiles', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
            ],
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weights', models.CharField(max_length=64)),
                ('threshold', models.FloatField()),
                ('uncertainty', models.FloatField(default=0.0, help_text='0: sure of every pixel; 1: of none.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='photos.photo')),
                ('probability', models.ForeignKey(blank=True, help_text='8-bit PNG, 255 times the probability of any defect.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='suggestion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='annotate.suggestion'),
        ),
        migrations.AddIndex(
            model_name='defectmask',
            index=models.Index(fields=['state', '-created_at'], name='annotate_de_state_987053_idx'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('first', 'second', 'digests'), name='agreement_once'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('first', None)), fields=('second', 'digests'), name='network_agreement_once'),
        ),
        migrations.AddConstraint(
            model_name='strokedelta',
            constraint=models.UniqueConstraint(fields=('mask', 'revision'), name='one_delta_a_revision'),
        ),
        migrations.AddConstraint(
            model_name='strokedelta',
            constraint=models.UniqueConstraint(fields=('mask', 'client', 'last_seq'), name='a_save_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(fields=('photo', 'weights'), name='one_suggestion_a_weights'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['state', 'lease_until'], name='annotate_as_state_77d7ec_idx'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['photo', 'state', 'assessor'], name='annotate_as_photo_i_cfeb31_idx'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('photo', 'assessor'), name='one_open_assignment_a_person_and_photo'),
        ),
    ]
