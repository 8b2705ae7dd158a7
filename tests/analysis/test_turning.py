"""A loop turns where two rates that follow each other rise together, or the guard drops events."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.world import World, allow
from topology.analysis import analyse
from topology.analysis.turning import arriving, turning, unwatched

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POINT = 300
NOISE = random.Random(7)
FLAT = [20.0] * 36
RISING = [1.0] * 24 + [4.0 * 1.3**n for n in range(12)]
NOISY = [abs(NOISE.gauss(20, 15)) for _ in range(36)]
OTHERS_NOISY = [abs(NOISE.gauss(20, 15)) for _ in range(36)]
STEADILY = [float(n) for n in range(36)]
LATE_BURSTS = [0.0] * 30 + [60.0, 0.0] * 3
OTHER_BURSTS = [0.0] * 30 + [0.0, 60.0] * 3


def rates(**series):
    return {
        "from": START.isoformat(),
        "to": (START + timedelta(hours=3)).isoformat(),
        "period": 60,
        "point": POINT,
        "metrics": {
            name: {"per_minute": points[-1], "last": "", "series": points}
            for name, points in series.items()
        },
    }


def looped(queue, function):
    """A queue and a function that feed each other, with these metrics."""
    made = World()
    jobs = made.queue("jobs", **queue)
    work = made.function("work", allow("sqs:SendMessage", jobs), names=[jobs], **function)
    made.listen(jobs, work)
    graph = made.graph()
    return analyse(graph).loops[0], graph.resources


def judged(sent, runs, **more):
    queue = {"rates": rates(NumberOfMessagesSent=sent)} if sent else {}
    return turning(*looped(queue, {"rates": rates(Invocations=runs, **more)} if runs else {}))


def test_two_rates_that_rise_together_turn():
    found = judged(RISING, [2 * value for value in RISING])
    assert found is not None
    assert found.since == START + 24 * timedelta(seconds=POINT)
    assert found.per_minute == 2 * RISING[-1]
    assert "rise together" in found.because


@pytest.mark.parametrize(
    ("sent", "runs"),
    [
        pytest.param(FLAT, FLAT, id="flat"),
        pytest.param(NOISY, OTHERS_NOISY, id="noisy"),
        pytest.param(RISING, FLAT, id="one alone"),
        pytest.param(RISING, RISING[::-1], id="one falls"),
        pytest.param(LATE_BURSTS, OTHER_BURSTS, id="both rise, unrelated"),
        pytest.param(RISING, [0.0] * 36, id="one stands still"),
        pytest.param(
            [value / 100 for value in RISING], [value / 100 for value in RISING], id="few"
        ),
        pytest.param(RISING, None, id="one is not measured"),
        pytest.param(None, None, id="nothing is measured"),
    ],
)
def test_anything_else_does_not(sent, runs):
    assert judged(sent, runs) is None


def test_a_steady_rise_of_both_turns():
    assert judged(STEADILY, STEADILY) is not None


def test_what_the_guard_drops_says_it_outright():
    found = judged(FLAT, FLAT, RecursiveInvocationsDropped=[0.0] * 30 + [1.0] * 6)
    assert found is not None
    assert found.since == START + 30 * timedelta(seconds=POINT)
    assert found.per_minute == 20
    assert "recursion guard dropped" in found.because


def test_what_it_dropped_hours_ago_is_not_now():
    assert judged(FLAT, FLAT, RecursiveInvocationsDropped=[5.0] + [0.0] * 35) is None


def test_the_least_rate_on_the_way_is_what_goes_round():
    loop, resources = looped(
        {"rates": rates(NumberOfMessagesSent=FLAT)}, {"rates": rates(Invocations=[7.0] * 36)}
    )
    assert arriving(loop, resources) == 7
    assert arriving(*looped({}, {})) is None


def test_what_could_not_be_watched_is_named_and_judges_nothing():
    loop, resources = looped({"unwatched": ["xray:GetServiceGraph (AccessDenied)"]}, {})
    plain, _ = looped({}, {})
    assert unwatched(loop, resources) == ("xray:GetServiceGraph (AccessDenied)",)
    assert loop.verdict is plain.verdict
