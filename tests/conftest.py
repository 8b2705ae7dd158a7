"""Fixtures every package shares: a real emulator of AWS over HTTP, and a proxy that fails."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator

import hypothesis
import pytest

from accounts.row_security import unbounded
from tests import versions
from tests.rig import emulator as emulated
from tests.rig.account import Account, fresh
from tests.rig.proxy import FaultProxy

# How long an example takes says how busy the machine is; what is slow is told by the benchmarks.
hypothesis.settings.register_profile(
    "tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")


def pytest_report_header() -> list[str]:
    """Say which versions and servers the result holds for."""
    return versions.lines()


DATABASE = {"db", "transactional_db", "live_server"}  # pytest-django's ways to one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens the database: only that can answer differently on another.

    Files of few long tests go first: begun last, they would leave all but one process idle.
    """
    long = set()
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or not DATABASE.isdisjoint(fixtures):
            item.add_marker("database")
        if item.get_closest_marker("slow") or item.get_closest_marker("browser"):
            long.add(item.path)
    items.sort(key=lambda item: item.path not in long)


CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}


@pytest.fixture(scope="session", autouse=True)
def _no_test_ever_reaches_a_real_account() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def _a_test_itself_stands_behind_no_wall() -> Iterator[None]:
    """What it makes and looks at are rows of any workspace; requests, tasks and threads do not."""
    with unbounded():
        yield


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No garbage of other tests is collected while the clock runs.

    Nor before it does: of a whole run's heap that takes a second each time.
    """
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The endpoint URL of an emulator that lives as long as the test run."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with emulated.serving() as endpoint_url:
        yield endpoint_url


@pytest.fixture
def aws(emulator: str) -> Account:
    """An account nothing was ever made in."""
    return fresh(emulator)


@pytest.fixture(scope="session")
def _proxy(emulator: str) -> Iterator[FaultProxy]:
    running = FaultProxy(emulator).start()
    yield running
    running.stop()


@pytest.fixture
def proxy(_proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """The fault proxy without faults; botocore's waits between attempts are cut to nothing."""
    backoff = "botocore.retries.standard.ExponentialBackoff.delay_amount"
    monkeypatch.setattr(backoff, lambda self, context: 0)
    yield _proxy
    _proxy.clear()
