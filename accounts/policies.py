"""The second wall: what PostgreSQL itself lets a connection see, derived from the models.

A row belongs to a workspace by its key to one, or by its key to a row that does. Every such table
gets policies over two settings of the session, which ``accounts.row_security`` turns.
Source: https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import ForeignKey, Model

WORKSPACE = "accounts.workspace"
SETTING, ACROSS = "loopscope.workspace", "loopscope.across"
EVERY = "all"  # what ``ACROSS`` is for who may also write everywhere: migrations

# A setting is read once for a statement: as a sub-select it is no question of every row.
NAMED = f"(SELECT nullif(current_setting('{SETTING}', true), '')::bigint)"
SEES_ALL = f"(SELECT current_setting('{ACROSS}', true) <> '')"
WRITES_ALL = f"(SELECT current_setting('{ACROSS}', true) = '{EVERY}')"


def owned(models: Iterable[type[Model]]) -> dict[str, type[Model]]:
    """The models whose rows belong to a workspace, by table; the workspaces themselves too."""
    return {each._meta.db_table: each for each in models if _is_workspace(each) or parent(each)}


def parent(model: type[Model]) -> ForeignKey[Any, Any] | None:
    """The key by which a row belongs: one to its workspace, or else the first to what has one."""
    keys = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and not field.null and field.related_model is not model
    ]
    direct = [key for key in keys if _is_workspace(key.related_model)]
    indirect = (key for key in keys if parent(key.related_model))
    return direct[0] if direct else next(indirect, None)


def path(model: type[Model]) -> str:
    """The look-up that leads from a row to its workspace: ``run__aws_account__workspace``."""
    key = parent(model)
    if key is None:
        raise LookupError(f"{model._meta.label} belongs to no workspace.")
    above = key.related_model
    return key.name if _is_workspace(above) else f"{key.name}__{path(above)}"


def statements(model: type[Model]) -> Iterator[str]:
    """What puts a table behind the wall, whether or not it was; for its owner too."""
    table = f'"{model._meta.db_table}"'
    mine = _mine(model)
    yield from without(model)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY seen ON {table} FOR SELECT USING ({SEES_ALL})"
    yield f"CREATE POLICY own ON {table} USING ({mine} OR {WRITES_ALL})"
    if _is_workspace(model):  # a new one is nobody's yet
        yield f"CREATE POLICY founded ON {table} FOR INSERT WITH CHECK ({SEES_ALL})"


def without(model: type[Model]) -> Iterator[str]:
    """What takes a table's wall down."""
    table = f'"{model._meta.db_table}"'
    for policy in ("seen", "own", "founded"):
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
    yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class RaiseWall(Operation):
    """A migration's operation: policies for every table there is by then, on PostgreSQL alone."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        """Put every table that belongs to workspaces behind the wall."""
        self._execute(editor, after, statements)

    def database_backwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        """Take the whole wall down."""
        self._execute(editor, after, without)

    def describe(self) -> str:
        """For ``migrate`` and ``showmigrations``."""
        return "Rows of a workspace are seen by who names it (row-level security)"

    def _execute(self, editor: Any, state: Any, of: Any) -> None:
        if editor.connection.vendor == "postgresql":
            for model in owned(state.apps.get_models(include_auto_created=True)).values():
                for statement in of(model):
                    editor.execute(statement)


def _mine(model: type[Model]) -> str:
    if _is_workspace(model):
        return f"id = {NAMED}"
    key = parent(model)
    if key is None:
        raise LookupError(f"{model._meta.label} belongs to no workspace.")
    above = key.related_model
    if _is_workspace(above):
        return f'"{key.column}" = {NAMED}'
    # The row above is seen by its own policy, which a reader across workspaces passes as well.
    column, primary = f'"{model._meta.db_table}"."{key.column}"', above._meta.pk.column
    rows = f'SELECT FROM "{above._meta.db_table}" above WHERE above."{primary}" = {column}'
    return f"({NAMED} IS NOT NULL AND EXISTS ({rows}))"


def _is_workspace(model: type[Model]) -> bool:
    return bool(model._meta.label_lower == WORKSPACE)
