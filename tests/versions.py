"""What a test result holds for: versions of the tools, and the servers behind the database."""

from __future__ import annotations

import sqlite3
from importlib.metadata import version

import psycopg
import redis
from django.conf import settings

TOOLS = ("Django", "boto3", "moto", "celery", "playwright", "mypy", "ruff")


def lines() -> list[str]:
    """For the head of a test run; asks a PostgreSQL or Redis that is named what it is."""
    return [
        ", ".join(f"{tool} {version(tool)}" for tool in TOOLS),
        f"database: {_database()}, broker: {_broker()}",
    ]


def _database() -> str:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    ) as server:
        return f"PostgreSQL {server.info.parameter_status('server_version')}"


def _broker() -> str:
    if not settings.REDIS_URL:
        return "files"
    return f"Redis {redis.Redis.from_url(settings.REDIS_URL).info()['redis_version']}"
