"""Secrets Manager: secrets that a function rotates, and nothing of any secret."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.graph import Meaning

FACTS = read("secretsmanager/list_secrets.every_kind")
DATABASE = arn("secretsmanager", "secret:database-AbCdEf")


def test_a_rotated_secret_triggers_its_function():
    edge = edges(FACTS)[0]
    assert (edge.source, edge.target) == (DATABASE, arn("lambda", "function:rotate"))
    assert (edge.kind, edge.meaning) == ("secrets.rotation", Meaning.TRIGGERS)


def test_a_secret_that_no_function_rotates_is_not_kept():
    assert [secret.name for secret in resources(FACTS)] == ["database-AbCdEf", "paused-GhIjKl"]


def test_rotation_switched_off_still_answers_a_call_that_rotates():
    assert [edge.dormant for edge in edges(FACTS)] == ["", ""]
    assert [secret.attributes["rotates_by_itself"] for secret in resources(FACTS)] == [True, False]


def test_nothing_else_of_a_secret_is_kept():
    assert "canary" not in repr(FACTS)
