"""The second wall: what PostgreSQL shows of one workspace to who has named another, or none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from accounts import policies, row_security
from accounts.models import ApiToken, AwsAccount, Deed, Invitation, Membership, User, Workspace
from accounts.policies import RaiseWall, owned
from accounts.row_security import across, fetched, within
from topology import models as rows
from topology.models import Run

ROOT = Path(__file__).parents[2]
OWNED = owned(apps.get_models(include_auto_created=True))
FIRST, SECOND = "shop", "elsewhere"

# Who may look across workspaces, and what for. Whoever then writes names one.
ACROSS = {
    "accounts.access.workspace_or_404": "whether the visitor is a member of what is asked for",
    "accounts.audit_log.record_sign_in": "the workspaces that somebody signs in to",
    "accounts.connecting.refuse_elsewhere": "that no two workspaces read one account",
    "accounts.people.invitation": "the place that an invitation's token leads to",
    "accounts.people.invitations_of": "the places that a verified address was invited to",
    "accounts.row_security.fetched": "the workspace of the row that a message names",
    "accounts.tokens.bearer": "the member whose API token it is",
    "topology.management.commands.connect.handle": "a workspace named at the console",
    "topology.management.commands.invite.handle": "a workspace named or founded at the console",
    "topology.management.kept._workspace": "a workspace named at the console",
    "topology.management.serving._local_workspace": "the workspace of a machine, or founding it",
    "topology.runs.alerting.deliver_all": "where something waits to be sent",
    "topology.runs.alerting.tell_of_accounts": "which workspaces read accounts",
    "topology.runs.badges.badge_at": "the verdict at a badge's address",
    "topology.runs.crawling._everywhere": "work that nobody holds",
    "topology.runs.hearing.listen_everywhere": "the accounts that are listened to",
    "topology.runs.rereading.read_touched": "the accounts in which something was changed",
    "topology.runs.scheduling.prune": "every workspace, one after another",
    "topology.runs.scheduling.request_due": "the accounts whose time has come",
    "topology.runs.sharing.opened": "the report that a link's token opens",
    "topology.store.accepting.lapse": "where an acceptance has ended",
    "topology.web.api.accounts.get": "the workspaces that a program's person has",
    "topology.web.views.home.home": "the workspaces that somebody may choose from",
}
UNBOUNDED = {"accounts.management.commands.migrate.handle": "migrations change every row"}

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no row-level security"
)


def callers(name: str) -> set[str]:
    """The functions of ours that call one of ``row_security``'s, as module and name."""
    found = set()
    for package in ("accounts", "config", "topology"):
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            text = path.read_text("utf-8")
            for function in ast.walk(ast.parse(text)) if name in text else ():
                if isinstance(function, ast.FunctionDef) and any(
                    isinstance(each, ast.Call) and ast.unparse(each.func).split(".")[-1] == name
                    for each in ast.walk(function)
                ):
                    found.add(f"{module}.{function.name}")
    return found


def test_nobody_else_looks_across_workspaces():
    assert callers("across") == ACROSS.keys()
    assert callers("unbounded") == UNBOUNDED.keys()


def test_only_one_module_knows_the_setting_that_opens_the_wall():
    knowing = {
        str(path.relative_to(ROOT))
        for package in ("accounts", "config", "topology")
        for path in (ROOT / package).rglob("*.py")
        if policies.ACROSS in path.read_text("utf-8")
    }
    assert knowing == {"accounts/policies.py"}


def test_every_model_that_belongs_to_a_workspace_is_behind_the_wall():
    """A new one: add ``operations = [..., RaiseWall()]`` to the migration that makes it."""
    loader = MigrationLoader(None)
    state, walled = loader.project_state(()), {}
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            migration = loader.graph.nodes[key]
            for operation in migration.operations:
                operation.state_forwards(migration.app_label, state)
                if isinstance(operation, RaiseWall):
                    made = owned(state.apps.get_models(include_auto_created=True))
                    walled = {table: list(policies.statements(it)) for table, it in made.items()}
    assert walled == {table: list(policies.statements(it)) for table, it in OWNED.items()}


def test_people_and_their_sessions_belong_to_no_workspace():
    others = {each._meta.db_table for each in apps.get_models(include_auto_created=True)}
    others -= OWNED.keys()
    assert {table for table in others if table.startswith(("accounts_", "topology_"))} == {
        "accounts_user",
        "accounts_user_groups",
        "accounts_user_user_permissions",
    }


def test_it_knows_the_way_from_a_row_to_its_workspace():
    assert policies.path(rows.RunPart) == "run__aws_account__workspace"
    assert policies.path(rows.Delivery) == "alert__workspace"
    assert policies.path(rows.EdgeVersion) == "workspace"


def fill(slug: str) -> None:
    """A row of every model that belongs to a workspace."""
    made: dict[type, object] = {Workspace: Workspace.objects.create(slug=slug, name=slug)}
    made[User] = User.objects.create_user(slug)
    for model in OWNED.values():
        _one(model, made)


def _one(model, made):
    """A row with every key it needs, and texts where columns must differ."""
    if model not in made:
        values: dict[str, object] = {}
        for field in model._meta.concrete_fields:
            if field.is_relation and not field.null:
                values[field.name] = _one(field.related_model, made)
            elif field.has_default() or field.null or field.primary_key:
                continue
            elif field.unique or field.name in ("identity", "fingerprint", "public_id"):
                values[field.name] = made[Workspace].slug
            else:
                values[field.name] = _value(field)
        made[model] = model._default_manager.create(**values)
    return made[model]


def _value(field):
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return datetime(2026, 11, 1, tzinfo=UTC)
    if kind == "DateField":
        return date(2026, 11, 1)
    if kind == "BinaryField":
        return rows.packed({}) if isinstance(field, rows.PackedJSONField) else b""
    return {"CharField": "", "TextField": "", "EmailField": "", "SlugField": ""}.get(kind, 0)


@contextmanager
def answering() -> Iterator[None]:
    """What a server does around a request, but for closing the test's own connection."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    try:
        request_started.send(None)
        yield
        request_finished.send(None)
    finally:
        for each in signals:
            each.connect(close_old_connections)


@pytest.fixture
def two(db: None) -> Iterator[tuple[Workspace, Workspace]]:
    """Two workspaces with a row of everything, looked at from outside any of them."""
    for slug in (FIRST, SECOND):
        fill(slug)
    both = Workspace.objects.get(slug=FIRST), Workspace.objects.get(slug=SECOND)
    with answering():
        yield both


def counts() -> dict[str, int]:
    """How many rows of every model there are to see, asked without any workspace."""
    return {table: model._default_manager.count() for table, model in OWNED.items()}


@on_postgresql
def test_the_tests_role_is_one_that_the_wall_holds_for(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,), "make test as a role that is no superuser"


@on_postgresql
def test_who_names_no_workspace_sees_nothing(two):
    assert counts() == dict.fromkeys(OWNED, 0)


@on_postgresql
@pytest.mark.parametrize("own", [0, 1])
def test_who_names_a_workspace_sees_its_rows_and_no_others(two, own):
    with within(two[own]):
        assert counts() == dict.fromkeys(OWNED, 1)
        assert {each.slug for each in Workspace.objects.all()} == {two[own].slug}
        for model in OWNED.values():
            if model is not Workspace:
                assert not model._default_manager.filter(
                    **{policies.path(model): two[1 - own]}
                ).exists(), model


@on_postgresql
def test_nobody_changes_or_removes_a_row_of_another_workspace(two):
    with within(two[0]):
        for model in OWNED.values():
            others = model._default_manager.all()
            if model is Workspace:
                others = others.filter(pk=two[1].pk)
            else:
                others = others.filter(**{policies.path(model): two[1].pk})
            key = model._meta.pk.attname
            assert others.update(**{key: 1}) == 0, model
            assert others._raw_delete("default") == 0, model


def save(row: Model, named: Workspace | None) -> None:
    with within(named) if named else nullcontext():
        row.save(force_insert=True)


@on_postgresql
@pytest.mark.parametrize("named", [None, 0])
def test_nobody_writes_a_row_into_another_workspace(two, named):
    with across():
        theirs = AwsAccount.objects.get(workspace=two[1])
        member = Membership.objects.get(workspace=two[1])
    made = [
        AwsAccount(workspace=two[1], account_id="123412341234"),
        Run(aws_account=theirs, scheduled_for="2026-11-05T00:00Z"),
        Deed(workspace=two[1], by="x", did="y"),
        ApiToken(member=member, name="x", digest="1"),
        Invitation(workspace=two[1], digest="2", expires="2026-11-05T00:00Z"),
        Workspace(slug="new", name="new"),
    ]
    for row in made:
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            save(row, None if named is None else two[named])


@on_postgresql
def test_looking_across_writes_nothing_but_a_new_workspace(two):
    with across():
        assert counts() == dict.fromkeys(OWNED, 2)
        assert AwsAccount.objects.update(name="mine") == 0
        assert Run.objects.update(moment=9) == 0
        Workspace.objects.create(slug="new", name="New")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Membership.objects.create(workspace=two[0], user=User.objects.get(username=SECOND))


@on_postgresql
def test_a_name_is_taken_back_after_every_end_of_its_block(two):
    with within(two[1]):
        with pytest.raises(ValueError, match="any"), within(two[0]):
            raise ValueError("any")
        with pytest.raises(DatabaseError), transaction.atomic(), within(two[0]):
            connection.cursor().execute("SELECT 1/0")
        with pytest.raises(DatabaseError), within(two[0]), transaction.atomic():
            connection.cursor().execute("SELECT 1/0")
        assert Workspace.objects.get() == two[1]
    assert not Workspace.objects.exists()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_comes_back_with_the_name_and_without_it():
    fill(FIRST)
    space = Workspace.objects.get()
    with answering():
        with within(space):
            connection.close()
            assert Workspace.objects.get() == space
            connection.connection.close()  # as a server that goes away closes it
        assert not Workspace.objects.exists()


@on_postgresql
def test_a_request_hands_its_connection_on_without_a_name(two):
    with answering():
        row_security.enter(two[0])
        assert Workspace.objects.get() == two[0]
    assert not Workspace.objects.exists()
    row_security.enter(two[0])  # as if nobody had said that a request ended
    with answering():
        assert not Workspace.objects.exists()


@on_postgresql
def test_a_task_sees_the_workspace_of_its_row(two):
    with across():
        theirs = rows.RunPart.objects.get(run__aws_account__workspace=two[1])
    with fetched(rows.RunPart, theirs.pk) as part:
        assert Workspace.objects.get() == two[1]
        assert part == theirs
    with pytest.raises(rows.RunPart.DoesNotExist), fetched(rows.RunPart, 0):
        pass
