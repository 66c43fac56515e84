"""A new database gets an app's first migrations at once: each table in its last form, not in the steps it took.

A migration with ``replaces`` names those it stands for, and takes their operations from them. Where some
of them have run, Django goes on with the rest; where all have, it notes that and does nothing.
"""

from collections.abc import Sequence
from importlib import import_module

from django.contrib.postgres.operations import CreateExtension
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation
from django.db.migrations.operations.special import RunSQL
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import TriggerOperationMixin


def at_once(package: str, names: Sequence[str]) -> list[Operation]:
    """The operations of the migrations ``names`` of a package, in one step."""
    modules = [import_module(f"{package}.{name}") for name in names]
    return [AtOnce([one for module in modules for one in module.Migration.operations])]


class AtOnce(Operation):
    """Operations in one step from the state before them all to the state after.

    Django makes its models anew at every step, which is nearly all that migrating an empty database
    costs. A table that is created here comes with its columns, indexes and constraints of the end, so
    what changes it afterwards is left out. Code that reads old models (RunPython) has no place here,
    nor has what renames or removes tables.
    """

    FIT = (CreateModel, FieldOperation, IndexOperation, RunSQL, CreateExtension)

    def __init__(self, operations: Sequence[Operation]) -> None:
        if unfit := [one for one in operations if not isinstance(one, self.FIT)]:
            raise ValueError(f"These need a step of their own: {unfit}")
        self.operations = operations
        self.created = {one.name_lower for one in operations if isinstance(one, CreateModel)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state as all of them do; its models are made when they are asked for next."""
        state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for one in self._needed():
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for one in reversed(self._needed()):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} steps at once"

    def _needed(self) -> list[Operation]:
        return [one for one in self.operations if not self._came_with_its_table(one)]

    def _came_with_its_table(self, one: Operation) -> bool:
        if not isinstance(one, FieldOperation | IndexOperation):
            return False
        return not isinstance(one, TriggerOperationMixin) and one.model_name_lower in self.created
