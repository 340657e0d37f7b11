"""Tokens of REST framework's own app go on working: hashed, and their plain table dropped."""

import hashlib

from django.db import migrations

OLD = "authtoken_token"
SCOPES = [
    f"{room}:{act}"
    for room in ("restorations", "labelling", "training", "studies")
    for act in ("read", "write")
]


def take_over(apps, editor):
    connection = editor.connection
    with connection.cursor() as cursor:
        if OLD not in connection.introspection.table_names(cursor):
            return
        cursor.execute(f"SELECT key, user_id FROM {OLD}")
        rows = cursor.fetchall()
    token = apps.get_model("access", "ApiToken")
    for key, user in rows:
        hashed = hashlib.sha256(key.encode()).hexdigest()
        token.objects.get_or_create(
            digest=hashed,
            defaults={"user_id": user, "name": "from before", "hint": key[:6], "scopes": SCOPES},
        )
    editor.execute(f"DROP TABLE {OLD}")


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
