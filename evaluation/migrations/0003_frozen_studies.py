"""Triggers that refuse to change an open study's plan and candidates, whoever asks.

A later migration that rebuilds one of these tables on SQLite drops its triggers; it must call
`add` of this module again.
"""

from django.db import migrations

FROZEN = (
    "number", "stage", "question", "alpha", "cap", "seed", "key", "plan", "digest",
    "ballot_size", "training", "weights",
)  # fmt: skip
FINAL = ("state", "decision", "last_hash")
NOTE = "an open study is frozen"


def changed(columns, differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def condition(differs):
    return (
        f"(OLD.state IN ('open', 'closed') AND ({changed(FROZEN, differs)}))"
        f" OR (OLD.state = 'closed' AND ({changed(FINAL, differs)}))"
        " OR (OLD.state = 'open' AND NEW.state NOT IN ('open', 'closed'))"
    )


OPEN = "EXISTS (SELECT 1 FROM evaluation_study WHERE id = NEW.study_id AND state IN ('open', 'closed'))"


def sqlite():
    yield (
        "CREATE TRIGGER evaluation_study_frozen BEFORE UPDATE ON evaluation_study"
        f" WHEN {condition('IS NOT')} BEGIN SELECT RAISE(ABORT, '{NOTE}'); END"
    )
    for event in ("INSERT", "UPDATE"):
        yield (
            f"CREATE TRIGGER evaluation_candidate_frozen_{event.lower()} BEFORE {event}"
            f" ON evaluation_candidate WHEN {OPEN} BEGIN SELECT RAISE(ABORT, '{NOTE}'); END"
        )


def postgresql():
    yield (
        "CREATE FUNCTION evaluation_frozen() RETURNS trigger AS $$"
        f" BEGIN RAISE EXCEPTION '{NOTE}'; END $$ LANGUAGE plpgsql"
    )
    yield (
        "CREATE TRIGGER evaluation_study_frozen BEFORE UPDATE ON evaluation_study FOR EACH ROW"
        f" WHEN ({condition('IS DISTINCT FROM')}) EXECUTE FUNCTION evaluation_frozen()"
    )
    yield (
        "CREATE FUNCTION evaluation_candidate_frozen() RETURNS trigger AS $$ BEGIN"
        f" IF {OPEN} THEN RAISE EXCEPTION '{NOTE}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    yield (
        "CREATE TRIGGER evaluation_candidate_frozen BEFORE INSERT OR UPDATE"
        " ON evaluation_candidate FOR EACH ROW EXECUTE FUNCTION evaluation_candidate_frozen()"
    )


GONE = {
    "sqlite": [
        "DROP TRIGGER evaluation_study_frozen",
        "DROP TRIGGER evaluation_candidate_frozen_insert",
        "DROP TRIGGER evaluation_candidate_frozen_update",
    ],
    "postgresql": [
        "DROP FUNCTION evaluation_frozen CASCADE",
        "DROP FUNCTION evaluation_candidate_frozen CASCADE",
    ],
}


def add(apps, schema_editor):
    made = {"sqlite": sqlite, "postgresql": postgresql}.get(schema_editor.connection.vendor)
    for statement in made() if made else ():
        schema_editor.execute(statement, None)


def remove(apps, schema_editor):
    for statement in GONE.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_append_only_votes")]
    operations = [migrations.RunPython(add, remove)]
