"""Squashed migrations give a new database the tables that the steps give, and take over where the steps have run."""

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from portal.squashing import AtOnce

STEPS = [
    migrations.CreateModel(
        "Place", [("id", models.BigAutoField(primary_key=True)), ("old", models.TextField())]
    ),
    migrations.CreateModel(
        "Thing",
        [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))],
    ),
    migrations.AddField("thing", "place", models.ForeignKey("made.place", models.CASCADE)),
    migrations.AddField("thing", "places", models.ManyToManyField("made.place", related_name="x")),
    migrations.AlterField("thing", "name", models.TextField(db_default="none")),
    migrations.AddIndex("thing", models.Index(models.F("name"), name="made_by_name")),
    migrations.AddIndex("thing", models.Index(models.F("id"), name="made_gone")),
    migrations.RemoveIndex("thing", "made_gone"),
    migrations.AddConstraint(
        "thing", models.UniqueConstraint(fields=("place", "name"), name="made_once")
    ),
    migrations.RemoveField("place", "old"),
    migrations.RunSQL("INSERT INTO made_place DEFAULT VALUES", migrations.RunSQL.noop),
]
SHAPE = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relname LIKE 'made%' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT tablename, indexname, indexdef, NULL, NULL FROM pg_indexes WHERE tablename LIKE 'made%'
UNION ALL SELECT conname, pg_get_constraintdef(oid), contype::text, NULL, NULL FROM pg_constraint WHERE conname LIKE 'made%'
UNION ALL SELECT 'rows', count(*)::text, NULL, NULL, NULL FROM made_place ORDER BY 1, 2, 3
"""


def shape_after(operations: list[Operation]) -> tuple[list[Any], ProjectState]:
    """What the database then has; the operations are taken back again."""
    states = [ProjectState()]
    with connection.schema_editor() as editor:
        for one in operations:
            states.append(states[-1].clone())
            one.state_forwards("made", states[-1])
            one.database_forwards("made", editor, states[-2], states[-1])
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        found = cursor.fetchall()
    return found, states[-1]


@pytest.mark.django_db
def test_at_once_makes_what_the_steps_make() -> None:
    by_steps, state = shape_after(STEPS)
    with connection.schema_editor() as editor:
        for name in ("thing", "place"):
            editor.delete_model(state.apps.get_model("made", name))
    at_once, same_state = shape_after([AtOnce(STEPS)])
    assert at_once == by_steps
    assert len(at_once) > 10
    assert same_state == state


@pytest.mark.django_db
def test_at_once_goes_back() -> None:
    whole, empty = AtOnce(STEPS), ProjectState()
    _shape, state = shape_after([whole])
    with connection.schema_editor() as editor:
        whole.database_backwards("made", editor, state, empty)
    assert [name for name in connection.introspection.table_names() if name[:4] == "made"] == []


def test_code_that_reads_old_models_has_no_place_in_it() -> None:
    with pytest.raises(ValueError, match="step of their own"):
        AtOnce([*STEPS, migrations.RunPython(migrations.RunPython.noop)])


def test_replaced_migrations_are_there_and_lead_to_the_same_models() -> None:
    """Also for a database in which some of them have run: Django then goes on with the rest."""
    whole = MigrationLoader(None)
    steps = MigrationLoader(None, replace_migrations=False)
    replaced = [key for found in whole.replacements.values() for key in found.replaces]
    assert len(replaced) > 20
    assert set(replaced) <= set(steps.disk_migrations)
    assert not set(replaced) & set(whole.graph.nodes)
    squashed = set(whole.replacements)
    old = {node for node in steps.graph.nodes if node not in squashed}
    states = steps.project_state(sorted(old)), whole.project_state()
    assert MigrationAutodetector(*states).changes(whole.graph) == {}
