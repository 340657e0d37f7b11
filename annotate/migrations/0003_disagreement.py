from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotate', '0002_masks_by_photo_and_state'),
    ]

    operations = [
        migrations.AddField(
            model_name='suggestion',
            name='disagreement',
            field=models.FloatField(help_text='0..1: how far it is from what other weights said before; null: none did.', null=True),
        ),
    ]
