
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('origin', models.CharField(choices=[('import', 'imported by staff'), ('visitor', 'uploaded by a visitor'), ('demo', 'demo content'), ('practice', 'for practice')], default='import', max_length=10)),
                ('state', models.CharField(choices=[('received', 'being read'), ('ready', 'ready'), ('refused', 'refused'), ('erased', 'erased')], default='received', max_length=10)),
                ('reason', models.TextField(blank=True, help_text='Why it was refused, in a sentence.')),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('bits', models.PositiveSmallIntegerField(default=8)),
                ('is_grey', models.BooleanField(default=False)),
                ('transform', models.JSONField(default=dict, help_text='How the working image came about.')),
                ('album', models.CharField(blank=True, help_text='Splits keep albums together.', max_length=120)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('licence', models.CharField(blank=True, max_length=120)),
                ('training_allowed', models.BooleanField(default=False)),
                ('wants_mask', models.BooleanField(default=False)),
                ('masks_wanted', models.PositiveSmallIntegerField(default=1, help_text='2 where two assessors paint independently, to measure agreement.')),
                ('salvage', models.BooleanField(default=False, help_text='Read what is there of a file that ends too early.')),
                ('note', models.TextField(blank=True, help_text='What its owner says went wrong.')),
                ('marks', models.JSONField(default=list, help_text='Where: x and y in its pixels, and a word.')),
                ('priority', models.FloatField(default=0.0)),
                ('urgency', models.FloatField(default=0.0, help_text='How unsure the network is, less where the album has accepted masks.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cost_map', models.ForeignKey(blank=True, help_text='8-bit ridge cost for the tracer (PNG).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('display', models.ForeignKey(blank=True, help_text='8-bit JPEG of full size, for the painter.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('original', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('preview', models.ForeignKey(blank=True, help_text='JPEG, long side at most 1600 px.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('thumbnail', models.ForeignKey(blank=True, help_text='JPEG, long side at most 320 px.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('tiles', models.ForeignKey(blank=True, help_text='Halvings in tiles of a photo over 40 megapixels (zip of JPEG).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('true_mask', models.ForeignKey(blank=True, help_text='Known damage of a synthetic photo (mask tiles).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
                ('working', models.ForeignKey(blank=True, help_text='Canonical image: oriented, sRGB, 16 bits kept (PNG).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='photos.blob')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('because', models.CharField(blank=True, max_length=300)),
                ('digests', models.JSONField(default=list)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='photos.photo')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(fields=['-priority', '-urgency', 'created_at'], name='photos_phot_priorit_7e3cca_idx'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(fields=['-created_at'], name='photos_phot_created_d69ed2_idx'),
        ),
    ]
