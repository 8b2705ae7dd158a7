"""Every address, for everybody, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from django.views.defaults import server_error

from accounts.models import Membership, Role, User, Workspace
from accounts.sign_in import ticket
from tests.web.api.test_access import TABLE as OF_THE_API
from tests.web.scene import Scene, example
from topology import runs
from topology.models import Run

FIRST_LOOP = example()["loops"][0]["fingerprint"]

WHO = ("nobody", "a stranger", "a viewer", "an operator", "an admin")
AS_NOBODY = ("an ended session", "somebody with a shared report")
AS_A_STRANGER = ("somebody removed",)

# route: what a GET and a POST answer to WHO
TABLE: dict[str, tuple[str, str]] = {
    "home": ("302 302 302 302 302", "302 405 405 405 405"),
    "sign-in": ("200 302 302 302 302", "200 302 302 302 302"),
    "sign-in-provider": ("404 404 404 404 404", "405 405 405 405 405"),
    "sign-in-provider-back": ("404 404 404 404 404", "405 405 405 405 405"),
    "sign-in-once": ("404 404 404 404 404", "404 404 404 404 404"),
    "sign-out": ("405 405 405 405 405", "302 302 302 302 302"),
    "workspace": ("302 404 200 200 200", "302 405 405 405 405"),
    "join": ("404 404 404 404 404", "404 404 404 404 404"),
    "connect": ("302 404 403 403 200", "302 404 403 403 400"),
    "connection": ("302 404 403 403 200", "302 405 405 405 405"),
    "role-template": ("302 404 403 403 200", "302 405 405 405 405"),
    "test-connection": ("302 405 405 405 405", "302 404 403 403 302"),
    "evidence": ("302 405 405 405 405", "302 404 403 403 302"),
    "changes-template": ("302 404 403 403 200", "302 405 405 405 405"),
    "listen": ("302 405 405 405 405", "302 404 403 403 302"),
    "disconnect": ("302 405 405 405 405", "302 404 403 403 302"),
    "shared": ("200 200 200 200 200", "404 404 404 404 404"),
    "badge": ("404 404 404 404 404", "405 405 405 405 405"),
    "make-badge": ("302 405 405 405 405", "302 404 403 302 302"),
    "revoke-badge": ("302 405 405 405 405", "302 404 403 404 404"),
    "shares": ("302 404 200 200 200", "302 404 403 400 400"),
    "revoke-share": ("302 405 405 405 405", "302 404 403 404 404"),
    "all-shares": ("302 405 405 405 405", "302 404 403 403 302"),
    "people": ("302 404 200 200 200", "302 405 405 405 405"),
    "invite": ("302 405 405 405 405", "302 404 403 403 400"),
    "change-member": ("302 405 405 405 405", "302 404 403 403 302"),
    "revoke-invitation": ("302 405 405 405 405", "302 404 403 403 404"),
    "tokens": ("302 404 200 200 200", "302 404 400 400 400"),
    "revoke-token": ("302 405 405 405 405", "302 404 404 404 404"),
    "trust": ("302 405 405 405 405", "302 404 403 403 302"),
    "progress": ("302 404 200 200 200", "302 405 405 405 405"),
    "export": ("302 404 200 200 200", "302 405 405 405 405"),
    "loop": ("302 404 200 200 200", "302 405 405 405 405"),
    "loop-hour": ("302 404 404 404 404", "302 405 405 405 405"),
    "loop-around": ("302 404 404 404 404", "302 405 405 405 405"),
    "resource": ("302 404 404 404 404", "302 405 405 405 405"),
    "acceptances": ("302 404 200 200 200", "302 405 405 405 405"),
    "accept": ("302 405 405 405 405", "302 404 403 404 404"),
    "withdraw": ("302 405 405 405 405", "302 404 403 404 404"),
    "alerts": ("302 404 200 200 200", "302 405 405 405 405"),
    "add-channel": ("302 405 405 405 405", "302 404 403 403 302"),
    "try-channel": ("302 405 405 405 405", "302 404 403 403 404"),
    "remove-channel": ("302 405 405 405 405", "302 404 403 403 404"),
    "findings": ("302 404 200 200 200", "302 405 405 405 405"),
    "moments": ("302 404 200 200 200", "302 405 405 405 405"),
    "moment": ("302 404 200 200 200", "302 405 405 405 405"),
    "find": ("302 404 200 200 200", "302 405 405 405 405"),
    "find-data": ("302 404 200 200 200", "302 405 405 405 405"),
    "edges": ("302 404 404 404 404", "302 405 405 405 405"),
    "map": ("302 404 200 200 200", "302 405 405 405 405"),
    "map-data": ("302 404 200 200 200", "302 405 405 405 405"),
    "map-list": ("302 404 200 200 200", "302 405 405 405 405"),
    "map-picture": ("302 404 404 404 404", "302 405 405 405 405"),
    "what-if": ("302 404 200 200 200", "302 405 405 405 405"),
    "patches": ("302 404 200 200 200", "302 405 405 405 405"),
    "tester": ("302 404 200 200 200", "302 404 303 303 303"),
    "scenarios": ("302 405 405 405 405", "302 404 403 302 302"),
    "scenario": ("302 404 200 200 200", "302 404 403 302 302"),
    "account": ("302 404 200 200 200", "302 405 405 405 405"),
    "crawl": ("302 405 405 405 405", "302 404 403 302 302"),
    "schedule": ("302 405 405 405 405", "302 404 403 302 302"),
    "runs": ("302 404 200 200 200", "302 405 405 405 405"),
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
        "changes-template": [slug, shop.read.pk, "yaml"],
        "listen": [slug, shop.read.pk],
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
        "loop-hour": [slug, "0" * 16, "runs"],
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


def routes(resolver: URLResolver, above: str) -> Iterator[str]:
    """The name of every address that the site answers, in whatever file it is declared."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, f"{above}{each.namespace}:" if each.namespace else above)
        else:
            assert each.name, each
            yield above + each.name


def visitors(shop: Scene) -> dict[str, Client]:
    """A browser of each, in the order of ``WHO``, and those who must be told no more than some."""
    otto, gil = (User.objects.create_user(name) for name in ("otto", "gil"))
    for user in (otto, gil):
        Membership.objects.create(user=user, workspace=shop.workspace, role=Role.OPERATOR)
    people = (None, shop.stranger, shop.viewer, otto, shop.admin, shop.admin, None, gil)
    found = {name: Client() for name in (*WHO, *AS_NOBODY, *AS_A_STRANGER)}
    for client, person in zip(found.values(), people, strict=True):
        if person:
            client.force_login(person)
    Session.objects.filter(pk=found["an ended session"].session.session_key).update(
        expire_date=timezone.now()
    )
    made, token = runs.share(shop.workspace, shop.admin, runs.Wanted())
    opened = found["somebody with a shared report"].post(f"/s/{made.public_id}", {"token": token})
    assert opened.status_code == 200
    elsewhere = shop.stranger.workspaces.get()
    Membership.objects.filter(user=gil).update(workspace=elsewhere, role=Role.ADMIN)
    return found


@pytest.mark.parametrize("route", TABLE)
def test_every_address_answers_everybody_as_the_table_says(route: str, shop: Scene) -> None:
    clients, where = visitors(shop), address(route, shop)
    for method, told in zip(("get", "post"), TABLE[route], strict=True):
        expected = dict(zip(WHO, told.split(), strict=True))
        expected |= dict.fromkeys(AS_NOBODY, expected["nobody"])
        expected |= dict.fromkeys(AS_A_STRANGER, expected["a stranger"])
        for name in (*AS_NOBODY, *AS_A_STRANGER, *WHO):
            answer = getattr(clients[name], method)(where)
            assert answer.status_code == int(expected[name]), (method, name, answer)


def test_no_address_is_missing_from_the_table() -> None:
    """The API's have a table of their own, ``tests/web/api/test_access.py``."""
    every = set(routes(get_resolver(), ""))
    api = {name for name in every if name.startswith("api:")}
    assert every - api == TABLE.keys()
    assert api == {f"api:{each}" for each in OF_THE_API}


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
