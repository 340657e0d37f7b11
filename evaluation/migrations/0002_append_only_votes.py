"""Triggers that refuse to change a vote, whoever asks.

SQLite's own flush deletes rows, so there a deletion is left to the hash chain to tell.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER evaluation_vote_append_only BEFORE UPDATE ON evaluation_vote
BEGIN SELECT RAISE(ABORT, 'votes are append-only'); END
"""
POSTGRESQL = """
CREATE FUNCTION evaluation_vote_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'votes are append-only'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER evaluation_vote_append_only BEFORE UPDATE OR DELETE ON evaluation_vote
FOR EACH ROW EXECUTE FUNCTION evaluation_vote_append_only()
"""
GONE = {
    "sqlite": "DROP TRIGGER evaluation_vote_append_only",
    "postgresql": "DROP FUNCTION evaluation_vote_append_only CASCADE",
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
    dependencies = [("evaluation", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
