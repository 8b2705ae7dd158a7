"""Whose rows this thread's connection may see: nobody's, until a workspace is named.

The first wall is ``accounts.access`` and the ``workspace=`` of every query. Behind it PostgreSQL
shows the rows of the named workspace only (``accounts.policies``); SQLite, whose file is one
person's own, has no such wall, and nothing here does anything.

A name is a setting of the session and holds until it is taken back: when its block ends, or the
request. A block within a transaction may end in an error that PostgreSQL answers nothing after;
its rollback then brings back what the setting was before. A new connection is told again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from django.core.signals import request_finished, request_started
from django.db import connection, models
from django.db.backends.signals import connection_created

from accounts import policies
from accounts.models import Workspace

SET = "SELECT set_config(%s, %s, false), set_config(%s, %s, false)"

Row = TypeVar("Row", bound=models.Model)


class _Reach(NamedTuple):
    workspace: str = ""
    across: str = ""


NOTHING, READING, EVERYTHING = _Reach(), _Reach(across="read"), _Reach(across=policies.EVERY)


class _Thread(threading.local):  # as connections are
    reach = NOTHING
    outside = NOTHING  # the request that is being answered


_here = _Thread()


def enter(workspace: Workspace) -> None:
    """See this workspace's rows until the request ends: for ``accounts.access``."""
    _turn(_Reach(str(workspace.pk)))


@contextmanager
def within(workspace: Workspace | int) -> Iterator[None]:
    """See and write this workspace's rows, and no others, for a block."""
    key = workspace.pk if isinstance(workspace, Workspace) else workspace
    with _held(_Reach(str(key))):
        yield


@contextmanager
def across() -> Iterator[None]:
    """See the rows of every workspace, and write none but a new workspace's own, for a block.

    For finding out whose a row is, and little else: ``tests/accounts/test_row_security.py`` lists
    who may. Whoever then writes names the workspace.
    """
    with _held(READING):
        yield


@contextmanager
def unbounded() -> Iterator[None]:
    """See and write everything for a block: for migrations."""
    with _held(EVERYTHING):
        yield


@contextmanager
def fetched(model: type[Row], pk: int) -> Iterator[Row]:
    """A row, and for the block its workspace: for a task, whose message has no more than a key.

    Raises the model's ``DoesNotExist``.
    """
    if model is Workspace:
        owner = pk
    else:
        with across():
            owner = model._default_manager.values_list(policies.path(model), flat=True).get(pk=pk)
    with within(owner):
        yield model._default_manager.get(pk=pk)


def watch_connections() -> None:
    """Have requests begin and end with nothing, and new connections learn what holds."""
    request_started.connect(_begin, dispatch_uid="row security")
    request_finished.connect(_end, dispatch_uid="row security")
    connection_created.connect(_meet, dispatch_uid="row security")


@contextmanager
def _held(reach: _Reach) -> Iterator[None]:
    before = _here.reach
    _turn(reach)
    try:
        yield
    finally:
        _turn(before)


def _turn(reach: _Reach) -> None:
    changes, _here.reach = reach != _here.reach, reach
    if changes and connection.vendor == "postgresql" and connection.connection is not None:
        _tell(connection)


def _meet(connection: Any, **_: Any) -> None:
    if connection.vendor == "postgresql":
        # A policy's look-up for every row passes for dear, and compiling it took 130 ms of 178.
        connection.connection.execute("SET jit = off")
        _tell(connection)


def _tell(connection: Any) -> None:
    from psycopg import Error
    from psycopg.pq import TransactionStatus

    open_, reach = connection.connection, _here.reach
    if open_.info.transaction_status == TransactionStatus.INERROR:
        return
    try:
        open_.execute(SET, (policies.SETTING, reach.workspace, policies.ACROSS, reach.across))
    except Error:
        connection.close()  # no connection is better than one that may show another's rows


def _begin(**_: Any) -> None:
    _here.outside = _here.reach
    _turn(NOTHING)


def _end(**_: Any) -> None:
    _turn(_here.outside)
