"""The page of API tokens: made for oneself, shown once, revoked."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken
from tests.web.scene import Scene

TOKEN = re.compile(r"lsc_[\w-]{43}")
PAGE = "/w/shop/tokens/"


def test_a_token_is_shown_once_and_stands_on_no_later_page(viewer: Client) -> None:
    answer = viewer.post(PAGE, {"name": "nightly <b>", "days": "30"})
    found = TOKEN.search(answer.content.decode())
    assert found
    made = tokens.bearer(found[0])
    assert made
    assert (made.name, made.scopes, made.member.user.username) == ("nightly <b>", ["read"], "vera")
    later = viewer.get(PAGE).content.decode()
    assert not TOKEN.search(later)
    assert "nightly &lt;b&gt;" in later


def test_a_viewer_is_offered_nothing_more_and_gets_nothing_more(viewer: Client) -> None:
    assert 'name="scopes"' not in viewer.get(PAGE).content.decode()
    answer = viewer.post(PAGE, {"name": "sly", "scopes": "crawl"})
    assert answer.status_code == 400
    assert "A token of a viewer cannot do that. None was made." in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_somebody_revokes_their_own_token_and_an_admin_anybodys(
    shop: Scene, viewer: Client
) -> None:
    mine, other = (
        tokens.make(shop.workspace.memberships.get(user=each), "n", [])[0]
        for each in (shop.viewer, shop.admin)
    )
    assert viewer.post(reverse("revoke-token", args=["shop", other.pk])).status_code == 404
    assert viewer.post(reverse("revoke-token", args=["shop", mine.pk])).status_code == 302
    assert list(ApiToken.objects.all()) == [other]


def test_nonsense_makes_no_token(viewer: Client) -> None:
    for form in ({"name": " "}, {"name": "\0"}, {"name": "a" * 101}, {"name": "a", "days": "9"}):
        assert viewer.post(PAGE, form).status_code == 400
    assert not ApiToken.objects.exists()
