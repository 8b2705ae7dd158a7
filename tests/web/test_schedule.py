"""An account's schedule and the history of its crawls, on the pages."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests.store.observations import SMALL, account, bucket, observation, publish
from tests.web.scene import Scene


def signed_in(shop: Scene) -> Client:
    client = Client()
    client.force_login(shop.admin)
    return client


def account_page(client: Client, shop: Scene) -> str:
    return unescape(client.get(f"/w/shop/accounts/{shop.read.pk}/").content.decode())


def post(shop: Scene, **form: str) -> str:
    address = f"/w/shop/accounts/{shop.read.pk}/schedule/"
    return unescape(signed_in(shop).post(address, form, follow=True).content.decode())


def test_a_schedule_by_name_says_when_it_is_due_next(shop: Scene) -> None:
    shown = post(shop, when="daily", time_zone="Europe/Berlin")
    assert "every day (Europe/Berlin). Next: " in shown
    shop.read.refresh_from_db()
    assert shop.read.schedule == "daily"
    assert shop.read.next_due(timezone.now()) is not None


def test_a_cron_line_is_for_experts(shop: Scene) -> None:
    shown = post(shop, when="cron", cron=" 30  6 * * 1-5 ", time_zone="Asia/Tokyo")
    assert "by the cron line 30 6 * * 1-5 (Asia/Tokyo). Next: " in shown
    assert ", 06:30." in shown or ", 6:30." in shown


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"when": "cron", "cron": "whenever"}, "whenever is no schedule"),
        ({"when": "cron"}, "no cron line is no schedule"),
        ({"when": "daily", "time_zone": "Mars/Olympus"}, "Mars/Olympus is no time zone"),
        ({"when": "<script>"}, "<script> is no schedule"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_changes_nothing(
    shop: Scene, form: dict[str, str], complaint: str
) -> None:
    assert complaint in post(shop, **form)
    shop.read.refresh_from_db()
    assert shop.read.schedule == ""


def test_a_pause_is_said_and_ends_without_making_up_for_it(shop: Scene) -> None:
    assert "every hour (UTC), but paused." in post(shop, when="hourly", paused="on")
    post(shop, when="hourly")
    shop.read.refresh_from_db()
    assert shop.read.due(timezone.now()) is None


def test_a_viewer_sees_the_schedule_and_no_form(shop: Scene, viewer: Client) -> None:
    shown = account_page(viewer, shop)
    assert "only when somebody asks." in shown
    assert "Change the schedule" not in shown


def test_an_overdue_account_is_told_in_the_headline_of_every_page(
    shop: Scene, viewer: Client
) -> None:
    shop.read.schedule = "15min"
    shop.read.scheduled_since = timezone.now() - timedelta(days=400)
    shop.read.save()
    assert "without a whole crawl" in unescape(viewer.get("/w/shop/").content.decode())


def test_every_crawl_is_listed_with_what_came_of_it(shop: Scene) -> None:
    mine = account(shop.workspace)
    publish(mine, SMALL)
    publish(mine, observation([bucket("other")]))
    answer = signed_in(shop).get(f"/w/shop/accounts/{mine.pk}/runs/")
    rows = unescape(answer.content.decode()).split("<tbody>")[1].split("</tr>")
    assert "1 new or different, 3 gone or replaced" in rows[0]
    assert "3 new or different, 0 gone or replaced" in rows[1]
    assert "<td>3</td>" in rows[1]
