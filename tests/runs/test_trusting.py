"""Code that was read blocks a loop, and does not once the workspace says so."""

from __future__ import annotations

import pytest

from tests.inference.test_coded import PYTHON, put, world_of
from tests.reports.written import as_text
from tests.store.observations import account, observation, publish
from topology import runs, store
from topology.models import Analysis

pytestmark = pytest.mark.django_db(transaction=True)


def read():
    """A function whose code turns CSV files into JSON files, and a bucket it hears."""
    graph = world_of(put(PYTHON))
    return observation(graph.resources.values(), graph.edges)


def verdicts() -> set[str]:
    latest = store.latest_analysis(account().workspace)
    assert latest is not None
    return {loop["verdict"] for loop in latest.report["loops"]}


def test_what_was_read_is_judged_anew_under_the_new_word(worker) -> None:
    publish(account(), read())
    workspace = account().workspace
    runs.analyse_latest(workspace)
    assert verdicts() == {"blocked"}
    for trusts, verdict in ((False, "possible"), (True, "blocked")):
        runs.trust_code(workspace, trusts=trusts)
        assert store.latest_analysis(workspace) is None
        assert worker.work_off()[0] == ("topology.analyse", (workspace.pk,))
        assert verdicts() == {verdict}
    assert Analysis.objects.count() == 3


def test_a_message_that_is_lost_is_sent_again(worker) -> None:
    publish(account(), read())
    workspace = account().workspace
    runs.analyse_latest(workspace)
    runs.trust_code(workspace, trusts=False)
    worker.take()  # and lose it
    runs.start_due()
    worker.work_off()
    assert verdicts() == {"possible"}


def test_a_workspace_that_was_never_read_has_no_moment_to_judge(worker) -> None:
    workspace = account().workspace
    runs.trust_code(workspace, trusts=False)
    workspace.refresh_from_db()
    assert (workspace.moment, workspace.trusts_code) == (0, False)
    publish(account(), read())
    workspace.refresh_from_db()
    runs.analyse_latest(workspace)
    assert verdicts() == {"possible"}


@pytest.mark.parametrize(("trusts", "verdict"), [(True, "blocked"), (False, "possible")])
def test_an_audit_may_do_without_trust_too(trusts: bool, verdict: str) -> None:
    report = runs.judge([read()], trusts_code=trusts)
    assert {loop.verdict for loop in report.loops} == {verdict}
    assert ("--distrust-code" in as_text(report)) is trusts
