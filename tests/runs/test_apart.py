"""A worker has a moment analysed by a process of its own, and says so where that one dies."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import connection

from tests.store.observations import SMALL, account, publish
from topology import runs, store
from topology.runs import apart

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def of_the_tests(settings, monkeypatch):
    """Its process asks the database of the tests."""
    settings.ANALYSE_APART = True
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{known['NAME']}"
    else:
        who = f"{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        url = f"postgres://{who}/{known['NAME']}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")


def codes() -> list[str]:
    latest = store.latest_analysis(account().workspace)
    assert latest
    return [gap["code"] for gap in latest.report["scope"]["gaps"]]


def child(within: float = 20.0) -> int:
    """The process that analyses, as soon as it is one."""
    until = monotonic() + within
    while monotonic() < until:
        for each in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has ended meanwhile
                parent = (each.parent / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == os.getpid() and apart.PROGRAM in each.read_text().split("\0"):
                    return int(each.parent.name)
        sleep(0.02)
    raise AssertionError("no process was started")


def test_it_says_what_this_process_would(settings):
    publish(account(), SMALL)
    runs.analyse_latest(account().workspace)
    apart_ = store.latest_analysis(account().workspace)
    assert apart_
    apart_.delete()
    settings.ANALYSE_APART = False
    runs.analyse_latest(account().workspace)
    here = store.latest_analysis(account().workspace)
    assert here
    assert (here.report, here.overviews) == (apart_.report, apart_.overviews)
    assert account().workspace.analysed_until is None


def test_one_that_is_killed_is_tried_again():
    publish(account(), SMALL)
    killer = Thread(target=lambda: os.kill(child(), signal.SIGKILL))
    killer.start()
    runs.analyse_latest(account().workspace)
    killer.join()
    assert store.latest_analysis(account().workspace) is None
    space = account().workspace
    assert (space.analysis_attempts, space.analysed_until) == (1, None)
    runs.analyse_latest(space)
    assert codes() == []
    assert account().workspace.analysis_attempts == 0


@pytest.mark.parametrize("how", ["no database", "no parent"])
def test_one_that_dies_three_times_leaves_no_older_verdict_standing(how, monkeypatch):
    publish(account(), SMALL)
    runs.analyse_latest(account().workspace)
    assert codes() == []
    publish(account(), SMALL)
    if how == "no database":
        monkeypatch.setenv("DATABASE_URL", "nothing://at.all")
    else:
        monkeypatch.setattr(os, "getpid", lambda: 1)  # it goes with its worker
    for _ in range(2):
        runs.analyse_latest(account().workspace)
        assert codes() == []
    runs.analyse_latest(account().workspace)
    assert codes() == ["AnalysisFailed"]
