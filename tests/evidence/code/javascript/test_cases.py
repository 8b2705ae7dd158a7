"""The calls of functions in TypeScript and JavaScript, as they are written and as they deploy."""

from __future__ import annotations

import json

import pytest

from tests.evidence.code.javascript.cases.case import Case, Found
from tests.evidence.code.javascript.forms import CASES, ENDS, FORMS
from topology.evidence.code.javascript import read_javascript
from topology.evidence.code.reading import Reading

pytest.importorskip("tree_sitter")

DEPLOYED = json.loads(FORMS.read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_finds_just_these_calls(case: Case) -> None:
    assert_found(case, read_javascript({"index.ts": case.source.encode()}, "index.handler"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_finds_just_these_calls_however_it_is_deployed(case: Case) -> None:
    for form, source in DEPLOYED[case.name].items():
        path = f"index.{ENDS.get(form, 'js')}"
        assert_found(case, read_javascript({path: source.encode()}, "index.handler"), form)


def assert_found(case: Case, reading: Reading, form: str = "") -> None:
    found = {
        Found(call.service, call.operation, call.target, call.key, call.fields)
        for call in reading.calls
    }
    assert found == set(case.calls), form
    assert reading.is_complete == case.complete, (form, reading.doubts)
