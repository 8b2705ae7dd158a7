"""Every address, for everybody, and what it answers."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from accounts.models import User, Workspace
from accounts.sign_in import ticket
from tests.web.scene import Scene, example
from topology.models import Run
from topology.web.urls import urlpatterns

FIRST_LOOP = example()["loops"][0]["fingerprint"]

# route: answers to a GET and a POST of nobody, a stranger, a viewer, an admin
TABLE: dict[str, tuple[str, str]] = {
    "home": ("302 302 302 302", "302 405 405 405"),
    "sign-in": ("200 302 302 302", "200 302 302 302"),
    "sign-in-once": ("404 404 404 404", "404 404 404 404"),
    "sign-out": ("405 405 405 405", "302 302 302 302"),
    "workspace": ("302 404 200 200", "302 405 405 405"),
    "join": ("404 404 404 404", "404 404 404 404"),
    "connect": ("302 404 403 200", "302 404 403 400"),
    "connection": ("302 404 403 200", "302 405 405 405"),
    "role-template": ("302 404 403 200", "302 405 405 405"),
    "test-connection": ("302 405 405 405", "302 404 403 302"),
    "evidence": ("302 405 405 405", "302 404 403 302"),
    "disconnect": ("302 405 405 405", "302 404 403 302"),
    "shared": ("200 200 200 200", "404 404 404 404"),
    "badge": ("404 404 404 404", "405 405 405 405"),
    "make-badge": ("302 405 405 405", "302 404 403 302"),
    "revoke-badge": ("302 405 405 405", "302 404 403 404"),
    "shares": ("302 404 200 200", "302 404 403 400"),
    "revoke-share": ("302 405 405 405", "302 404 403 404"),
    "all-shares": ("302 405 405 405", "302 404 403 302"),
    "people": ("302 404 200 200", "302 405 405 405"),
    "invite": ("302 405 405 405", "302 404 403 400"),
    "change-member": ("302 405 405 405", "302 404 403 302"),
    "revoke-invitation": ("302 405 405 405", "302 404 403 404"),
    "tokens": ("302 404 200 200", "302 404 400 400"),
    "revoke-token": ("302 405 405 405", "302 404 404 404"),
    "trust": ("302 405 405 405", "302 404 403 302"),
    "progress": ("302 404 200 200", "302 405 405 405"),
    "export": ("302 404 200 200", "302 405 405 405"),
    "loop": ("302 404 200 200", "302 405 405 405"),
    "loop-around": ("302 404 404 404", "302 405 405 405"),
    "resource": ("302 404 404 404", "302 405 405 405"),
    "acceptances": ("302 404 200 200", "302 405 405 405"),
    "accept": ("302 405 405 405", "302 404 403 404"),
    "withdraw": ("302 405 405 405", "302 404 403 404"),
    "alerts": ("302 404 200 200", "302 405 405 405"),
    "add-channel": ("302 405 405 405", "302 404 403 302"),
    "try-channel": ("302 405 405 405", "302 404 403 404"),
    "remove-channel": ("302 405 405 405", "302 404 403 404"),
    "findings": ("302 404 200 200", "302 405 405 405"),
    "moments": ("302 404 200 200", "302 405 405 405"),
    "moment": ("302 404 200 200", "302 405 405 405"),
    "find": ("302 404 200 200", "302 405 405 405"),
    "find-data": ("302 404 200 200", "302 405 405 405"),
    "edges": ("302 404 404 404", "302 405 405 405"),
    "map": ("302 404 200 200", "302 405 405 405"),
    "map-data": ("302 404 200 200", "302 405 405 405"),
    "map-list": ("302 404 200 200", "302 405 405 405"),
    "map-picture": ("302 404 404 404", "302 405 405 405"),
    "what-if": ("302 404 200 200", "302 405 405 405"),
    "patches": ("302 404 200 200", "302 405 405 405"),
    "tester": ("302 404 200 200", "302 404 303 303"),
    "scenarios": ("302 405 405 405", "302 404 403 302"),
    "scenario": ("302 404 200 200", "302 404 403 302"),
    "account": ("302 404 200 200", "302 405 405 405"),
    "crawl": ("302 405 405 405", "302 404 403 302"),
    "schedule": ("302 405 405 405", "302 404 403 302"),
    "runs": ("302 404 200 200", "302 405 405 405"),
}


def address(route: str, shop: Scene) -> str:
    slug = shop.workspace.slug
    arguments: dict[str, list[object]] = {
        "sign-in-once": ["MQ", "no-token"],
        "join": ["no-token"],
        "connect": [slug],
        "connection": [slug, shop.read.pk],
        "role-template": [slug, shop.read.pk, "yaml"],
        "test-connection": [slug, shop.read.pk],
        "evidence": [slug, shop.read.pk],
        "disconnect": [slug, shop.read.pk],
        "shared": ["no-such-link"],
        "badge": ["no-such-badge"],
        "make-badge": [slug],
        "revoke-badge": [slug, 0],
        "shares": [slug],
        "revoke-share": [slug, 0],
        "all-shares": [slug],
        "people": [slug],
        "invite": [slug],
        "change-member": [slug, shop.workspace.memberships.get(user=shop.viewer).pk],
        "revoke-invitation": [slug, 0],
        "workspace": [slug],
        "tokens": [slug],
        "revoke-token": [slug, 0],
        "trust": [slug],
        "progress": [slug],
        "export": [slug, "html"],
        "loop": [slug, FIRST_LOOP],
        "loop-around": [slug, "0" * 16],
        "resource": [slug, "0" * 12],
        "acceptances": [slug],
        "accept": [slug],
        "withdraw": [slug, 1],
        "alerts": [slug],
        "add-channel": [slug],
        "try-channel": [slug, 1],
        "remove-channel": [slug, 1],
        "findings": [slug],
        "find": [slug],
        "moments": [slug],
        "moment": [slug, 1],
        "find-data": [slug],
        "edges": [slug, "0" * 12, "1" * 12],
        "map": [slug],
        "map-data": [slug],
        "map-list": [slug, "csv"],
        "map-picture": [slug],
        "what-if": [slug],
        "patches": [slug, "md"],
        "tester": [slug],
        "scenarios": [slug],
        "scenario": [slug, shop.scenario.pk],
        "account": [slug, shop.read.pk],
        "crawl": [slug, shop.read.pk],
        "schedule": [slug, shop.read.pk],
        "runs": [slug, shop.read.pk],
    }
    return reverse(route, args=arguments.get(route, []))


@pytest.mark.parametrize("route", TABLE)
def test_every_address_answers_everybody_as_the_table_says(route: str, shop: Scene) -> None:
    for method, expected in zip(("get", "post"), TABLE[route], strict=True):
        people: list[User | None] = [None, shop.stranger, shop.viewer, shop.admin]
        for person, status in zip(people, expected.split(), strict=True):
            client = Client()
            if person:
                client.force_login(person)
            answer = getattr(client, method)(address(route, shop))
            assert answer.status_code == int(status), (method, person, answer)


def test_no_address_is_missing_from_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == TABLE.keys()


@pytest.mark.parametrize("route", ["workspace", "progress", "loop", "account"])
def test_it_sends_nobody_to_the_sign_in_page_and_back(route: str, shop: Scene) -> None:
    answer = Client().get(address(route, shop))
    assert answer["Location"] == f"/sign-in/?next={address(route, shop)}"


@pytest.mark.parametrize("route", ["workspace", "progress", "loop", "account"])
def test_a_foreign_workspace_looks_exactly_like_an_absent_one(route: str, shop: Scene) -> None:
    client = Client()
    client.force_login(shop.stranger)
    foreign = client.get(address(route, shop))
    absent = client.get(address(route, shop).replace("/shop/", "/no-such/"))
    assert body(foreign.content) == body(absent.content)


def test_an_account_of_another_workspace_is_absent_from_this_one(shop: Scene) -> None:
    elsewhere = Workspace.objects.get(slug="elsewhere")
    client = Client()
    client.force_login(shop.stranger)
    answer = client.get(reverse("account", args=[elsewhere.slug, shop.read.pk]))
    assert answer.status_code == 404


def test_it_asks_for_a_crawl_when_an_admin_presses_the_button(shop: Scene) -> None:
    client = Client()
    client.force_login(shop.admin)
    before = Run.objects.filter(aws_account=shop.read).count()
    answer = client.post(address("crawl", shop), follow=True)
    assert Run.objects.filter(aws_account=shop.read).count() == before + 1
    assert "has been asked for" in answer.content.decode()


def test_a_viewer_sees_no_button_to_crawl(shop: Scene, viewer: Client) -> None:
    assert b"Crawl now" not in viewer.get(address("workspace", shop)).content


def test_a_form_without_its_token_is_refused(shop: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.admin)
    answer = client.post(address("crawl", shop))
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_no_page_of_a_workspace_is_kept_by_a_cache(shop: Scene, viewer: Client) -> None:
    for route in ("home", "workspace", "progress", "loop", "account"):
        assert "no-store" in viewer.get(address(route, shop))["Cache-Control"]


def test_an_error_of_ours_is_a_page_that_says_what_to_do() -> None:
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "load the page again" in answer.content.decode()


def test_looking_at_a_sign_in_link_does_not_use_it_up(shop: Scene) -> None:
    link = reverse("sign-in-once", args=ticket(shop.viewer))
    client = Client()
    for _ in range(2):
        assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == "/"
    assert client.get("/", follow=True).status_code == 200


def test_a_sign_in_link_works_once(shop: Scene) -> None:
    link = reverse("sign-in-once", args=ticket(shop.viewer))
    Client().post(link)
    again = Client().post(link)
    assert again.status_code == 404
    assert "no longer works" in again.content.decode()


def test_a_wrong_password_says_only_that_the_two_do_not_go_together(shop: Scene) -> None:
    known = Client().post("/sign-in/", {"username": "vera", "password": "wrong"})
    unknown = Client().post("/sign-in/", {"username": "nobody", "password": "wrong"})
    assert "do not go together" in known.content.decode()
    assert body(known.content).replace("vera", "") == body(unknown.content).replace("nobody", "")


def test_every_page_forbids_inline_script_and_style(shop: Scene, viewer: Client) -> None:
    for route in ("workspace", "loop", "account"):
        answer = viewer.get(address(route, shop))
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        body = answer.content.decode()
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", body)


def body(content: bytes) -> str:
    """The page without the forgery token, which is new on every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content.decode())
