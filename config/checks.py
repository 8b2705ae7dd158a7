"""What may be wrong with the configuration: an id, a sentence, and what to do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections

BOUND = "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
SHORTEST_KEY = 32  # characters


@checks.register()
def data_directory_is_writable(**_: Any) -> list[checks.CheckMessage]:
    """The folder, or the nearest one above it that exists, must take files."""
    directory: Path = settings.DATA_DIR
    nearest = next(path for path in (directory, *directory.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        checks.Error(
            f"The data directory {directory} cannot be written.",
            hint="Set LOOPSCOPE_DATA_DIR to a folder of your own.",
            id="loopscope.E001",
        )
    ]


@checks.register()
def broker_is_redis(**_: Any) -> list[checks.CheckMessage]:
    """Any other broker would drop what the crawl relies on."""
    if not settings.REDIS_URL or urlsplit(settings.REDIS_URL).scheme in ("redis", "rediss"):
        return []
    return [
        checks.Error(
            "REDIS_URL is not the address of a Redis server.",
            hint="Write redis://host:6379/0 (rediss:// for TLS), or unset it to use files.",
            id="loopscope.E002",
        )
    ]


@checks.register()
def secret_key_is_long(**_: Any) -> list[checks.CheckMessage]:
    """A key that can be guessed signs anybody's session. The one we make is long enough."""
    given = os.environ.get("SECRET_KEY")
    if not given or len(given) >= SHORTEST_KEY:
        return []
    return [
        checks.Error(
            f"SECRET_KEY has fewer than {SHORTEST_KEY} characters.",
            hint="Unset it to have one made, or set it to a long random text.",
            id="loopscope.E003",
        )
    ]


@checks.register()
def other_machines_need_tls(**_: Any) -> list[checks.CheckMessage]:
    """Cookies over plain HTTP are fine on one machine only."""
    if settings.HTTPS or LOOPBACK.issuperset(settings.ALLOWED_HOSTS):
        return []
    return [
        checks.Warning(
            "The site answers to other machines, and session cookies may travel unencrypted.",
            hint="Serve it behind TLS and set LOOPSCOPE_HTTPS=1.",
            id="loopscope.W001",
        )
    ]


@checks.register()
def provider_is_whole(**_: Any) -> list[checks.CheckMessage]:
    """Half a configuration would fail at somebody's first sign-in."""
    found: list[checks.CheckMessage] = []
    if not settings.OIDC_ISSUER and not settings.PASSWORDS:
        found.append(
            checks.Warning(
                "Nobody can sign in but by a link of `loopscope signin`.",
                hint="Set LOOPSCOPE_OIDC_ISSUER, or unset LOOPSCOPE_PASSWORDS.",
                id="loopscope.W003",
            )
        )
    if not settings.OIDC_ISSUER:
        return found
    issuer = urlsplit(settings.OIDC_ISSUER)
    if issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        found.append(
            checks.Error(
                "LOOPSCOPE_OIDC_ISSUER is no https:// address.",
                hint="Write it as the provider's own description does, as in https://id.example.com.",
                id="loopscope.E004",
            )
        )
    if not settings.OIDC_CLIENT_ID or not settings.OIDC_CLIENT_SECRET:
        found.append(
            checks.Error(
                "LOOPSCOPE_OIDC_ISSUER is set, and its client id or secret is not.",
                hint="Set LOOPSCOPE_OIDC_CLIENT_ID and LOOPSCOPE_OIDC_CLIENT_SECRET.",
                id="loopscope.E005",
            )
        )
    return found


@checks.register(checks.Tags.database)
def policies_hold_for_the_role(
    databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """PostgreSQL asks no policy of a superuser: the wall between workspaces would not be there."""
    found: list[checks.CheckMessage] = []
    for name in databases or ():
        if connections[name].vendor != "postgresql":
            continue
        try:
            with connections[name].cursor() as cursor:
                cursor.execute(BOUND)
                role, goes_past = cursor.fetchone()
        except DatabaseError:
            continue  # whoever asks for the database next says so
        if goes_past:
            found.append(
                checks.Warning(
                    f"The database role {role!r} is a superuser or has BYPASSRLS: row-level "
                    "security, which keeps workspaces apart, does not hold for it.",
                    hint="Use a role of its own that owns the tables: CREATE ROLE loopscope LOGIN "
                    "PASSWORD '...'; docs/configuration.md says how to move to one.",
                    id="loopscope.W002",
                )
            )
    return found
