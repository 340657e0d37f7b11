import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """Each order's album by its name; an album that came by an import has no row yet."""
    album, order = apps.get_model("photos", "Album"), apps.get_model("pipeline", "Order")
    for row in order.objects.filter(album_row=None).iterator(500):
        found, _ = album.objects.get_or_create(name=row.album)
        order.objects.filter(pk=row.pk, album_row=None).update(album_row=found)


class Migration(migrations.Migration):
    dependencies = [
        ("photos", "0006_albums"),
        ("pipeline", "0008_upload_graph_upload_purpose"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="album_row",
            field=models.ForeignKey(
                blank=True,
                help_text=(
                    "None where a release before took the order, which knew the name alone."
                ),
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="orders",
                to="photos.album",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
