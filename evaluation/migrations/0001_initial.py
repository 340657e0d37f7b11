
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import evaluation.models.studies
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('jobs', '0001_initial'),
        ('photos', '0001_initial'),
        ('pipeline', '0001_initial'),
        ('training', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('stage', models.CharField(choices=[('segmentation', 'finds defects'), ('inpainting', 'fills defects'), ('colorization', 'adds colour')], max_length=20)),
                ('question', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('preparing', 'making the pictures'), ('open', 'open'), ('closed', 'closed')], default='draft', max_length=10)),
                ('alpha', models.FloatField(default=0.05)),
                ('cap', models.PositiveIntegerField(default=1500)),
                ('ballot_size', models.PositiveSmallIntegerField(default=2, help_text='Pictures on a ballot.')),
                ('training', models.BooleanField(default=True, help_text='Voters practise before they vote.')),
                ('weights', models.JSONField(default=dict, help_text='Weight by category; empty: by photos.')),
                ('seed', models.BigIntegerField(default=evaluation.models.studies.new_seed)),
                ('key', models.CharField(default=evaluation.models.studies.new_token, editable=False, max_length=32)),
                ('plan', models.JSONField(default=dict, help_text='Frozen at opening.')),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the plan.', max_length=64)),
                ('last_hash', models.CharField(blank=True, help_text='End of the vote chain.', max_length=64)),
                ('decision', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='studies', to='jobs.job')),
                ('photos', models.ManyToManyField(related_name='studies', to='photos.photo')),
            ],
            options={
                'verbose_name_plural': 'studies',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Peek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('votes', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='peeks', to='evaluation.study')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('state', models.JSONField()),
                ('study', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='checkpoint', to='evaluation.study')),
            ],
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidacies', to='training.modelversion')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='evaluation.study')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='BlindCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('degraded', models.BooleanField(default=False, help_text='Spoilt on purpose, for gold ballots.')),
                ('lesson', models.BooleanField(default=False, help_text='Spoilt for the training round.')),
                ('flaw', models.CharField(blank=True, help_text='How it was spoilt.', max_length=20)),
                ('pixels_sha256', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('image', models.ForeignKey(blank=True, help_text='PNG, 8-bit RGB, padded with zeros', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='photos.photo')),
                ('rendition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.rendition')),
                ('candidate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.candidate')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blind_copies', to='evaluation.study')),
            ],
            options={
                'verbose_name_plural': 'blind copies',
            },
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(default=evaluation.models.studies.new_token, max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('ordinary', 'counts'), ('gold', 'has a right answer'), ('repeat', 'was shown before'), ('second', "another voter's pair and photo"), ('training', 'practice with an answer'), ('automatic', 'equal pictures, never shown')], default='ordinary', max_length=10)),
                ('slots', models.JSONField(help_text='Candidate positions in the order shown.')),
                ('state', models.CharField(choices=[('issued', 'issued'), ('cast', 'cast'), ('expired', 'expired'), ('void', 'void')], default='issued', max_length=10)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='photos.photo')),
                ('repeats', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='evaluation.ballot')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to='evaluation.study')),
            ],
            options={
                'ordering': ['issued_at'],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('left', 'left is better'), ('right', 'right is better'), ('equal', 'equal'), ('both_bad', 'both bad'), ('1', 'image 1 is best'), ('2', 'image 2 is best'), ('3', 'image 3 is best'), ('4', 'image 4 is best'), ('5', 'image 5 is best'), ('6', 'image 6 is best'), ('none', 'none acceptable'), ('skip', 'cannot judge'), ('recognised', 'I recognise this model'), ('undo', 'taken back')], max_length=10)),
                ('reasons', models.JSONField(default=list)),
                ('seconds', models.FloatField(help_text='How long both pictures were visible.', null=True)),
                ('voter_pseudonym', models.CharField(max_length=64)),
                ('record', models.JSONField(help_text='What the hash covers, beside the hash before.')),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('cast_at', models.DateTimeField()),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='evaluation.ballot')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='evaluation.study')),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='evaluation.vote')),
            ],
            options={
                'ordering': ['sequence'],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='evaluation.study')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(fields=('study', 'user'), name='one_override_an_admin')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='evaluation.study')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('study', 'user'), name='one_conflict_a_voter')],
            },
        ),
        migrations.CreateModel(
            name='ColourCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='colour_checks', to='evaluation.study')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('study', 'user'), name='one_check_a_voter')],
            },
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.UniqueConstraint(fields=('study', 'version'), name='a_version_once_a_study'),
        ),
        migrations.AddConstraint(
            model_name='blindcopy',
            constraint=models.UniqueConstraint(fields=('study', 'photo', 'candidate', 'degraded', 'lesson'), name='a_copy_once'),
        ),
        migrations.AddConstraint(
            model_name='blindcopy',
            constraint=models.UniqueConstraint(condition=models.Q(('candidate', None)), fields=('study', 'photo'), name='an_original_once'),
        ),
        migrations.AddIndex(
            model_name='ballot',
            index=models.Index(fields=['study', 'voter', 'state'], name='evaluation__study_i_4a9eda_idx'),
        ),
        migrations.AddIndex(
            model_name='vote',
            index=models.Index(fields=['study', 'voter_pseudonym', 'sequence'], name='evaluation__study_i_b5d195_idx'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('study', 'sequence'), name='one_vote_a_place'),
        ),
    ]
