"""Triggers that refuse to change the record of who did what, whoever asks.

SQLite's own flush deletes rows, so there a deletion is not refused.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER accounts_auditevent_append_only BEFORE UPDATE ON accounts_auditevent
BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END
"""
POSTGRESQL = """
CREATE FUNCTION accounts_auditevent_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'acts are append-only'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER accounts_auditevent_append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION accounts_auditevent_append_only()
"""
GONE = {
    "sqlite": "DROP TRIGGER accounts_auditevent_append_only",
    "postgresql": "DROP FUNCTION accounts_auditevent_append_only CASCADE",
}


def add(apps, schema_editor):
    statement = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor)
    if statement:
        schema_editor.execute(statement, None)


def remove(apps, schema_editor):
    statement = GONE.get(schema_editor.connection.vendor)
    if statement:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
