"""One normalised column for searching; rows of before are filled in batches."""

from django.db import migrations, models

from photos.search_text import joined

BATCH = 500


def fill(apps, schema_editor):
    photos = apps.get_model("photos", "Photo")
    rows = photos.objects.filter(search_text="").only("title", "album", "source", "licence")
    batch = []
    for photo in rows.iterator(chunk_size=BATCH):
        photo.search_text = joined((photo.title, photo.album, photo.source, photo.licence))
        batch.append(photo)
        if len(batch) == BATCH:
            photos.objects.bulk_update(batch, ["search_text"])
            batch = []
    photos.objects.bulk_update(batch, ["search_text"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("photos", "0001_initial")]

    operations = [
        migrations.AddField(
            "photo",
            "search_text",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="See photos.search_text.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
