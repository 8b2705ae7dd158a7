"""Documents of an organisation are kept compressed, and what was kept as text still is there."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.store.observations import account
from topology.graph import canonical_json
from topology.models import Analysis, Packed, packed

NAMES = ["plain", "nul \x00", "surrogate \ud800", "“quoted”", "\\u0041"]
DOCUMENT: dict[str, Any] = {
    "loops": [],
    "audits": {"findings": [{"because": each} for each in NAMES]},
    "a": None,
}


def streamed(document):
    """The same with its findings in an iterator."""
    return {**document, "audits": {"findings": iter(document["audits"]["findings"])}}


@pytest.mark.parametrize("document", [DOCUMENT, {}, [], [1, None], "text"])
def test_it_is_canonical_json_whether_its_lists_are_there_or_still_to_come(document):
    text = zlib.decompress(packed(document)).decode()
    assert text == canonical_json(document)
    if document == DOCUMENT:
        assert packed(streamed(document)) == packed(document)


def test_an_iterator_where_none_is_taken_up_is_an_error_and_not_left_out():
    with pytest.raises(TypeError):
        packed({"a": {"b": {"c": iter([1])}}})


@pytest.mark.django_db
@pytest.mark.parametrize("value", [DOCUMENT, packed(DOCUMENT)], ids=["as it is", "packed before"])
def test_any_name_survives_the_column(value):
    space = account().workspace
    Analysis.objects.create(workspace=space, moment=1, report=value, overviews=Packed(packed({})))
    kept = Analysis.objects.get()
    assert (kept.report, kept.overviews) == (DOCUMENT, {})


@pytest.mark.django_db
def test_a_dump_of_the_database_can_be_read_and_loaded(tmp_path):
    space = account().workspace
    Analysis.objects.create(workspace=space, moment=1, report=DOCUMENT, overviews={})
    dump = tmp_path / "dump.json"
    call_command("dumpdata", "topology.analysis", output=str(dump), verbosity=0)
    assert "\\\\ud800" in dump.read_text()
    Analysis.objects.all().delete()
    call_command("loaddata", str(dump), verbosity=0)
    assert Analysis.objects.get().report == DOCUMENT


@pytest.mark.django_db(transaction=True)
def test_reports_that_were_kept_as_text_are_packed_when_the_database_is_migrated():
    call_command("migrate", "topology", "0015", verbosity=0)
    try:
        state = MigrationExecutor(connection).loader.project_state(("topology", "0015_followed"))
        old = state.apps.get_model("topology", "Analysis")
        old.objects.create(
            workspace_id=account().workspace.pk, moment=7, report=DOCUMENT, overviews={"1": {}}
        )
    finally:
        call_command("migrate", "topology", verbosity=0)
    kept = Analysis.objects.get(moment=7)
    assert (kept.report, kept.overviews) == (DOCUMENT, {"1": {}})
    assert json.dumps(kept.report)
