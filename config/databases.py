"""Which database, and how it must be opened."""

from __future__ import annotations

import warnings
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"


def of_url(url: str) -> dict[str, Any]:
    """Django's settings for a ``DATABASE_URL``; ``ImproperlyConfigured`` for any other scheme.

    SQLite: readers go on while one writes (WAL), and a writer waits for its turn when it begins.
    A deferred transaction that turns into a writer half-way fails at once instead.
    https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        database: dict[str, Any] = environ.Env.db_url_config(url)
    engine = database.get("ENGINE")
    if engine == SQLITE:
        return database | {
            "CONN_MAX_AGE": 60,  # opening the file costs as much as a page's queries
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
        }
    if engine == POSTGRESQL:
        return database | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    raise ImproperlyConfigured(  # without the URL: it may hold a password
        "DATABASE_URL is neither sqlite:///path nor postgres://user:password@host:port/name."
    )
