"""Schemathesis over the OpenAPI document: no 5xx, no status, media type or body it does not name.

A few examples of every call, the same in every run. ``LOOPSCOPE_FUZZ=200`` makes 200 of each, other
ones every time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts import tokens
from config.wsgi import application
from tests.web.played import play
from tests.web.scene import Scene
from topology.reports.map_scene import id_of
from topology.web.api import throttling

MANY = os.environ.get("LOOPSCOPE_FUZZ", "")
EXAMPLES = int(MANY or 2)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=not MANY,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate, *([hypothesis.Phase.shrink] if MANY else [])],
)


@schemathesis.deserializer("application/yaml")
def _documents(_: object, response: Any) -> list[Any]:
    """A stream of YAML may hold several."""
    return list(yaml.safe_load_all(response.content))


@pytest.fixture(autouse=True)
def _connections_stay_open() -> Iterator[None]:
    """The transaction of a test is one connection's, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_call_answers_as_the_document_says(
    shop: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling.PerCaller, "allow_request", lambda *_: True)
    names = play(shop)
    known = {
        "slug": shop.workspace.slug,
        "fingerprint": shop.workspace.analyses.latest().report["loops"][0]["fingerprint"],
        "form": "ndjson",
        "key": id_of(names["work"]),
        "number": shop.workspace.moment,
        "channel": names["bus"],
        "edge": names["mapping"],
        "edits": [f"off:{names['mapping']}"],
        "account": shop.read.pk,
    }
    callers: list[dict[str, str]] = [{}]
    for user in (shop.viewer, shop.admin):
        member = shop.workspace.memberships.get(user=user)
        _, token = tokens.make(member, "fuzz", tokens.allowed(member.role))
        callers.append({"Authorization": f"Bearer {token}"})
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    keys = st.sampled_from([shop.scenario.pk, shop.read.pk, 10**30])
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        tried(found.ok(), callers, known, keys)


def tried(
    operation: Any,
    callers: list[dict[str, str]],
    known: dict[str, Any],
    keys: st.SearchStrategy[int],
) -> None:
    """Call it with what fits the document and with what does not, as everybody in turn."""
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    cases = st.one_of([operation.as_strategy(generation_mode=each) for each in modes])

    @FEW
    @hypothesis.given(cases, st.booleans(), keys)
    def called(case: Any, is_known: bool, key: int) -> None:
        # Mostly things that there are: of others every answer is the same 404.
        for name in case.path_parameters or ():
            if name == "slug" or is_known:
                case.path_parameters[name] = known.get(name, key)
        if is_known and isinstance(case.body, dict):
            case.body |= {name: known[name] for name in case.body.keys() & known.keys()}
        for headers in callers:
            case.call_and_validate(headers=headers, checks=CHECKS)

    called()
