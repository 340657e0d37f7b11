
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('annotate', '0001_initial'),
        ('jobs', '0001_initial'),
        ('photos', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DatasetSnapshot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('seed', models.PositiveIntegerField(default=0)),
                ('validation_share', models.FloatField(default=0.2)),
                ('digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ModelVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('segmentation', 'finds defects'), ('inpainting', 'fills defects'), ('colorization', 'adds colour')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('origin', models.CharField(choices=[('run', 'trained here'), ('file', 'registered from a file'), ('shipped', 'shipped with Heirloom'), ('builtin', 'yardstick without weights')], default='run', max_length=10)),
                ('builtin', models.CharField(blank=True, choices=[('telea', 'OpenCV Telea'), ('navier_stokes', 'OpenCV Navier-Stokes'), ('grey', 'no colour'), ('mean_chroma', 'mean chroma')], default='', max_length=20)),
                ('weights_sha256', models.CharField(max_length=64, unique=True)),
                ('card', models.JSONField(default=dict)),
                ('metrics', models.JSONField(default=dict)),
                ('gate', models.JSONField(default=dict, help_text='How the export compared with torch float32.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('onnx', models.ForeignKey(blank=True, help_text='The exported network the CPU engine runs.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('weights', models.ForeignKey(blank=True, help_text='safetensors', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='TrainingRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('segmentation', 'finds defects'), ('inpainting', 'fills defects'), ('colorization', 'adds colour')], max_length=20)),
                ('recipe_name', models.CharField(max_length=60)),
                ('recipe', models.JSONField()),
                ('seed', models.PositiveIntegerField(default=0)),
                ('metrics_offset', models.PositiveBigIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='run', to='jobs.job')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='training.modelversion')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='training.datasetsnapshot')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='modelversion',
            name='run',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='version', to='training.trainingrun'),
        ),
        migrations.CreateModel(
            name='VersionPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caption', models.CharField(max_length=200)),
                ('answered', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('given', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='training.modelversion')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('segmentation', 'finds defects'), ('inpainting', 'fills defects'), ('colorization', 'adds colour')], max_length=20)),
                ('reason', models.TextField()),
                ('study_digest', models.CharField(blank=True, max_length=64)),
                ('export_digest', models.CharField(blank=True, help_text="Of the study's zip.", max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('promoted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promotions', to='training.modelversion')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['stage', '-id'], name='training_pr_stage_9ddea3_idx')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image_digest', models.CharField(max_length=64)),
                ('mask_digest', models.CharField(blank=True, help_text='Of the raw mask.', max_length=64)),
                ('mask_origin', models.CharField(blank=True, choices=[('painted', 'painted'), ('suggested', 'painted from a suggestion'), ('imported', 'imported'), ('synthetic', 'known from synthesis'), ('consensus', 'joined from several'), ('visitor', "marked by the photo's owner")], max_length=10)),
                ('split', models.CharField(choices=[('train', 'train'), ('validation', 'validation')], max_length=10)),
                ('group', models.CharField(max_length=120)),
                ('licence', models.CharField(blank=True, max_length=120)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('mask', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='annotate.defectmask')),
                ('photo', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='photos.photo')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='training.datasetsnapshot')),
            ],
            options={
                'ordering': ['split', 'group', 'image_digest'],
                'constraints': [models.UniqueConstraint(fields=('snapshot', 'image_digest'), name='a_photo_once')],
            },
        ),
        migrations.CreateModel(
            name='RunMetric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveIntegerField()),
                ('epoch', models.PositiveIntegerField()),
                ('seconds', models.FloatField()),
                ('split', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=40)),
                ('value', models.FloatField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='metrics', to='training.trainingrun')),
            ],
            options={
                'ordering': ['step'],
                'constraints': [models.UniqueConstraint(fields=('run', 'step', 'split', 'name'), name='a_metric_once')],
            },
        ),
    ]
