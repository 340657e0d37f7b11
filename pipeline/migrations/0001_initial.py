
import django.db.models.deletion
import django.db.models.functions.datetime
import pipeline.models.restorations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('annotate', '0001_initial'),
        ('jobs', '0001_initial'),
        ('photos', '0001_initial'),
        ('training', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('mask', 'damage found'), ('inpainted', 'inpainted'), ('inpainted_colorized', 'inpainted and colourised'), ('colorized', 'colourised')], max_length=20)),
                ('recipe', models.CharField(help_text='SHA-256 over the weights, mask and settings that made it.', max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('report', models.JSONField(default=dict, help_text='seconds, engines, holes, warnings')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('asked', models.ForeignKey(blank=True, help_text='Of a mask: PNG that says which question a pixel belongs to.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('colorization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.modelversion')),
                ('foreseen', models.ForeignKey(blank=True, help_text='Of a mask: small PNG of what other strengths would fill.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('human_mask', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='annotate.defectmask')),
                ('image', models.ForeignKey(blank=True, help_text="PNG with exactly the photo's dimensions; a mask is white", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('inpainting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.modelversion')),
                ('jpeg', models.ForeignKey(blank=True, help_text='The same picture for mail and web', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='photos.photo')),
                ('preview', models.ForeignKey(blank=True, help_text='JPEG, long side at most 1600 px; a coloured PNG for a mask', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('segmentation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.modelversion')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Restoration',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(default=pipeline.models.restorations.new_token, max_length=64, unique=True)),
                ('settings', models.JSONField(default=dict, help_text='strength, careful, colourise')),
                ('corrected_digest', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(db_index=True, null=True)),
                ('corrected', models.ForeignKey(blank=True, help_text="Damage as its owner marked it, in the painter's tiles.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('earlier', models.ForeignKey(help_text='The restoration whose result this one is to better.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='later', to='pipeline.restoration')),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='restoration', to='jobs.job')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='restorations', to=settings.AUTH_USER_MODEL)),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restorations', to='photos.photo')),
                ('renditions', models.ManyToManyField(related_name='restorations', to='pipeline.rendition')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('marks', models.JSONField(default=list, help_text="x and y in the photo's pixels.")),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('restoration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='pipeline.restoration')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Exhibit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('caption', models.CharField(blank=True, max_length=200)),
                ('allowed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('shown_at', models.DateTimeField(db_index=True, null=True)),
                ('shown_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('restoration', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='exhibit', to='pipeline.restoration')),
            ],
            options={
                'ordering': ['-allowed_at'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(default=pipeline.models.restorations.new_token, max_length=64, unique=True)),
                ('length', models.PositiveBigIntegerField()),
                ('offset', models.PositiveBigIntegerField(default=0)),
                ('metadata', models.TextField(blank=True, help_text='As the client sent it; HEAD repeats it.')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('sha256', models.CharField(blank=True, help_text='Of the whole file, if given.', max_length=64)),
                ('choices', models.JSONField(default=dict, help_text='What the plain upload takes as fields.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                ('restoration', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='upload', to='pipeline.restoration')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='SentKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caller', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(help_text='SHA-256 of address and body.', max_length=64)),
                ('holder', models.UUIDField(default=uuid.uuid4)),
                ('held_until', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('body', models.JSONField(null=True)),
                ('location', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('restoration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pipeline.restoration')),
                ('upload', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pipeline.upload')),
            ],
        ),
        migrations.CreateModel(
            name='UploadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveBigIntegerField()),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='pipeline.upload')),
            ],
            options={
                'ordering': ['start'],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=500)),
                ('salt', models.CharField(default=pipeline.models.restorations.new_token, editable=False, max_length=64)),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='lost deliveries in a row')),
                ('disabled_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, help_text='Why it is switched off.', max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('event', models.CharField(max_length=40)),
                ('payload', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('pending', 'on its way'), ('delivered', 'delivered'), ('lost', 'lost')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('status', models.PositiveSmallIntegerField(help_text='HTTP status of the last one', null=True)),
                ('answer', models.CharField(blank=True, help_text='What came back, or why not.', max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('tried_at', models.DateTimeField(null=True)),
                ('restoration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='pipeline.restoration')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='pipeline.webhook')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(help_text='reason-x-y', max_length=40)),
                ('fill', models.BooleanField(help_text='Yes: it is damage, fill it.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='photos.photo')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('photo', 'question'), name='a_question_answered_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='rendition',
            constraint=models.UniqueConstraint(fields=('photo', 'kind', 'recipe'), name='asked_twice_computed_once'),
        ),
        migrations.AddIndex(
            model_name='restoration',
            index=models.Index(fields=['-created_at'], name='pipeline_re_created_03910b_idx'),
        ),
        migrations.AddConstraint(
            model_name='sentkey',
            constraint=models.UniqueConstraint(fields=('caller', 'key'), name='a_key_once_per_caller'),
        ),
        migrations.AddConstraint(
            model_name='uploadpart',
            constraint=models.UniqueConstraint(fields=('upload', 'start'), name='one_part_at_an_offset'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('webhook', 'restoration', 'event'), name='told_once_per_webhook'),
        ),
    ]
