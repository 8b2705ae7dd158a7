"""What is wrong with a configuration is said before anything is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, connections

from config.checks import policies_hold_for_the_role

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles"),
]


@pytest.fixture
def superuser() -> Iterator[str]:
    """The name of a connection to the same database by a role that no policy holds for."""
    settings = {**connection.settings_dict, "USER": "postgres", "PASSWORD": ""}
    connections["superuser"] = opened = type(connections["default"])(settings, "superuser")
    try:
        opened.ensure_connection()
        yield "superuser"
    except OperationalError as error:
        pytest.skip(f"nobody is let in as postgres: {error}")
    finally:
        opened.close()
        del connections["superuser"]


def test_it_warns_of_a_role_that_no_policy_holds_for(superuser):
    (error,) = policies_hold_for_the_role(databases=["default", superuser])
    assert error.id == "loopscope.W002"
    assert "'postgres' is a superuser" in error.msg
    assert "CREATE ROLE" in str(error.hint)


def test_it_is_content_with_an_ordinary_role_and_asks_only_where_it_may():
    assert policies_hold_for_the_role(databases=["default"]) == []
    assert policies_hold_for_the_role(databases=None) == []
