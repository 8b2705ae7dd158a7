"""A loop's first hour under other assumptions: in the address, worked out again, never kept."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from tests.web.scene import Scene, example
from topology.models import Analysis

LIVE = example()["loops"][0]
CHANGED = "Worked out with your assumptions"


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"/w/shop/loops/{LIVE['fingerprint']}/{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_form_starts_from_what_is_assumed(viewer: Client) -> None:
    page = shown(viewer)
    assert CHANGED not in page
    assert page.count('name="writes"') == 2
    assert page.count('name="account_concurrency"') == 1
    assert 'name="seconds"' not in page  # the page looks at one hour


def test_other_values_change_the_gain_and_stay_in_the_form(viewer: Client) -> None:
    page = shown(viewer, "?writes=3&writes=3&duration=0.5&duration=0.5")
    assert CHANGED in page
    assert LIVE["gain"]["sentence"] not in page
    assert page.count('name="writes" value="3"') == 2


def test_the_usual_values_are_the_reading_itself(viewer: Client) -> None:
    assert CHANGED not in shown(viewer, "?writes=1&writes=1&account_concurrency=1000")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?writes=-1", "must be between 0 and 10,000"),
        ("?writes=5&writes=2", "the lower one first"),
        ("?writes=nan", "must be between"),
        ("?writes=inf", "must be between"),
        ("?writes=many", "must be a number"),
        ("?writes=1&writes=2&writes=3", "takes one number, or a low and a high one"),
        ("?account_concurrency=1&account_concurrency=2", "takes one number."),
        ("?duration=901", "must be between 0.001 and 900"),
        ("?writes=<script>canary</script>", "must be a number"),
    ],
)
def test_a_value_that_does_not_do_gives_a_sentence_and_the_usual_ones(
    viewer: Client, query: str, said: str
) -> None:
    page = shown(viewer, query)
    assert said in page
    assert "What follows has the usual assumptions." in page
    assert LIVE["gain"]["sentence"] in page
    assert "<script>canary" not in page


def test_what_no_form_asks_for_is_left_alone(viewer: Client) -> None:
    page = shown(viewer, "?seconds=86400&seed=7&utm_source=mail&writes=")
    assert CHANGED not in page
    assert 'role="alert"' not in page


def test_nothing_is_kept(shop: Scene, viewer: Client) -> None:
    before = Analysis.objects.values_list("report", flat=True).get()
    shown(viewer, "?writes=7")
    assert Analysis.objects.values_list("report", flat=True).get() == before
    assert CHANGED not in shown(viewer)
