"""A database of a benchmark's own, at the server that the tests are given."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

SERVER = os.environ.get(
    "LOOPSCOPE_TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"
)


def address(name: str) -> str:
    """The URL of the database of that name."""
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def empty(name: str) -> str:
    """Make it anew, whoever uses it; return its URL."""
    with psycopg.connect(SERVER, autocommit=True) as asking:
        for statement in ("drop database if exists {} with (force)", "create database {}"):
            asking.execute(sql.SQL(statement).format(sql.Identifier(name)))
    return address(name)
