"""Accepting a loop, a finding or a gap on the pages, and the end of it."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Deed
from tests.store.observations import account, gap, notification, observation, publish, reads
from tests.web.scene import Scene, example
from topology import runs, store
from topology.graph import ReadStatus
from topology.models import AcceptanceRow, Alert
from topology.reports.acceptance import Acceptance
from topology.runs.accepting import end_acceptances

TODAY = timezone.now().date()
LOOP = example()["loops"][0]
FINDING = example()["audits"]["findings"][0]
GAP = next(each for each in example()["scope"]["gaps"] if each["call"])
FORM = {"owner": "shop@example.com", "reason": "It ends.", "expires": f"{TODAY:%Y-%m-%d}"}
THINGS = {
    "loop": {"kind": "loop", "fingerprint": LOOP["fingerprint"]},
    "finding": {"kind": "finding", "fingerprint": FINDING["fingerprint"]},
    "gap": {"kind": "gap", "call": GAP["call"]},
}


@pytest.fixture
def admin(shop: Scene) -> Client:
    client = Client()
    client.force_login(shop.admin)
    return client


@pytest.mark.parametrize("kind", THINGS)
def test_a_thing_is_accepted_listed_logged_and_let_go(
    shop: Scene, admin: Client, kind: str
) -> None:
    before = shop.workspace.moment
    shown = admin.get("/w/shop/accepted/", THINGS[kind]).content.decode()
    assert f"Accept this {kind}" in shown
    answer = admin.post("/w/shop/accepted/add/", THINGS[kind] | FORM, follow=True)
    assert "Accepted. What was read is judged anew." in answer.content.decode()
    shop.workspace.refresh_from_db()
    assert shop.workspace.moment == before + 1
    [entry] = store.acceptances(shop.workspace)
    assert (entry.kind, entry.owner, entry.expires) == (kind, "shop@example.com", TODAY)
    assert Deed.objects.filter(did__startswith="accepted until").exists()
    row = AcceptanceRow.objects.get()
    admin.post(f"/w/shop/accepted/{row.pk}/end/")
    assert not AcceptanceRow.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"owner": " "},
        {"reason": ""},
        {"expires": "soon"},
        {"expires": f"{TODAY - timedelta(days=1)}"},
        {"expires": f"{TODAY + timedelta(days=400)}"},
    ],
)
def test_it_takes_an_owner_a_reason_and_a_day_within_a_year(
    admin: Client, changes: dict[str, str]
) -> None:
    form = THINGS["loop"] | FORM | changes
    shown = admin.post("/w/shop/accepted/add/", form, follow=True).content.decode()
    assert "takes an owner, a reason, and a last day within a year" in shown
    assert not AcceptanceRow.objects.exists()


def test_what_the_reading_does_not_have_cannot_be_accepted(admin: Client) -> None:
    stopped = next(each for each in example()["loops"] if each["verdict"] == "blocked")
    for thing in (
        {"kind": "loop", "fingerprint": "0" * 16},
        {"kind": "loop", "fingerprint": stopped["fingerprint"]},
        {"kind": "gap", "call": "no.such"},
        {"kind": "pigeon"},
    ):
        assert admin.post("/w/shop/accepted/add/", thing | FORM).status_code == 404


def test_loops_findings_and_gaps_lead_to_it(admin: Client) -> None:
    for page, kind in (
        (f"loops/{LOOP['fingerprint']}/", "loop"),
        ("findings/", "finding"),
        ("", "gap"),
    ):
        assert f"accepted/?kind={kind}" in unescape(admin.get(f"/w/shop/{page}").content.decode())


@pytest.mark.django_db
def test_an_accepted_gap_is_told_apart_and_its_end_is_judged_and_said_by_itself() -> None:
    space = account().workspace
    refused = reads(list_buckets=ReadStatus.NOT_READ)
    publish(account(), observation([], [notification()], [gap("s3.list_buckets")], refused))
    entry = Acceptance("gap", "me", "so be it", TODAY, call="s3.list_buckets")
    space.refresh_from_db()
    runs.accept(space, entry, "s3.list_buckets", "ada")
    space.refresh_from_db()
    runs.analyse_here(space)
    latest = store.latest_analysis(space)
    assert latest is not None
    assert [each["call"] for each in latest.report["scope"]["accepted_gaps"]] == ["s3.list_buckets"]
    end_acceptances(TODAY)
    assert space.moment == 2
    end_acceptances(TODAY + timedelta(days=1))
    end_acceptances(TODAY + timedelta(days=1))
    space.refresh_from_db()
    assert space.moment == 3
    assert not Alert.objects.exists()
