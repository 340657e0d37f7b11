from django.db import migrations

RIVALS = [
    ("inpainting", "telea", "OpenCV Telea"),
    ("inpainting", "navier_stokes", "OpenCV Navier-Stokes"),
    ("colorization", "grey", "no colour"),
    ("colorization", "mean_chroma", "mean chroma"),
]


def add_rivals(apps, schema_editor):
    """The yardsticks every site has: studies compare weights with them."""
    versions = apps.get_model("training", "ModelVersion").objects
    for stage, builtin, name in RIVALS:
        values = {"stage": stage, "name": name, "builtin": builtin, "origin": "builtin"}
        versions.get_or_create(weights_sha256=f"builtin:{builtin}", defaults=values)


class Migration(migrations.Migration):
    # Apart from the tables: PostgreSQL does not mix rows and constraints in one transaction.
    dependencies = [("training", "0001_initial")]
    operations = [migrations.RunPython(add_rivals, migrations.RunPython.noop)]
