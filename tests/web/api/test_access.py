"""Every address of the API, for everybody, by every method, and what it answers (TRUST.md)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken, Membership, Role, User
from tests.web.api.conftest import Bearer
from tests.web.scene import Scene, example
from topology.web.api.urls import urlpatterns

FIRST = example()["loops"][0]["fingerprint"]
METHODS = ("get", "post", "patch", "delete")
WHO = (
    "nobody",
    "a stranger's token",
    "a viewer's session",
    "a viewer's token",
    "an operator's token",
    "an admin's token that only reads",
    "a revoked token",
    "an ended token",
    "a token of somebody removed",
    "a session that has ended",
)
BRIEFLY = ("nobody", "an operator's token")  # of a method that there is not
NONE = "401 405"
READ = "401 404 200 200 200 200 401 401 401 401"
PUBLIC = "200 200 200 200 200 200 200 200 200 200"
NO_WAY = "405 405"
ABSENT = "401 404 404 404 404 404 401 401 401 401"
TRY = "401 404 422 422 422 422 401 401 401 401"
CHANGE = "401 404 403 403 422 403 401 401 401 401"
GONE = CHANGE.replace("422", "404")
NOWHERE = "404 404"

# route: what METHODS answer to WHO; a body is empty, so that 422 means "may, but not like this"
TABLE: dict[str, tuple[str, str, str, str]] = {
    "page": (PUBLIC, NO_WAY, NO_WAY, NO_WAY),
    "openapi": (PUBLIC, NO_WAY, NO_WAY, NO_WAY),
    "report-schema": (PUBLIC, NO_WAY, NO_WAY, NO_WAY),
    "workspaces": (READ.replace("404", "200"), NONE, NONE, NONE),
    "workspace": (READ, NONE, NONE, NONE),
    "accounts": (READ, NONE, NONE, NONE),
    "account": (READ, NONE, NONE, NONE),
    "crawls": (READ, CHANGE, NONE, NONE),
    "crawl": (READ, NONE, NONE, NONE),
    "loops": (READ, NONE, NONE, NONE),
    "loop": (READ, NONE, NONE, NONE),
    "findings": (READ, NONE, NONE, NONE),
    "gaps": (READ, NONE, NONE, NONE),
    "resources": (READ, NONE, NONE, NONE),
    "resource": (ABSENT, NONE, NONE, NONE),
    "edges": (READ, NONE, NONE, NONE),
    "acceptances": (READ, CHANGE, NONE, NONE),
    "acceptance": (ABSENT, NONE, NONE, GONE),
    "shares": (READ, CHANGE.replace("422", "201"), NONE, NONE),
    "share": (ABSENT, NONE, NONE, GONE),
    "scenarios": (READ, CHANGE, NONE, NONE),
    "scenario": (READ, NONE, CHANGE, CHANGE.replace("422", "204")),
    "what-if": (NONE, TRY, NONE, NONE),
    "tester": (NONE, TRY, NONE, NONE),
    "moments": (READ, NONE, NONE, NONE),
    "moment": (READ, NONE, NONE, NONE),
    "report": (READ, NONE, NONE, NONE),
    "report-file": (READ, NONE, NONE, NONE),
    "graph": (READ, NONE, NONE, NONE),
    "nowhere": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
}


def address(route: str, shop: Scene) -> str:
    arguments: dict[str, list[object]] = {
        "account": [shop.read.pk],
        "crawl": [shop.read.runs.get().pk],
        "loop": [FIRST],
        "resource": ["0" * 12],
        "acceptance": [1],
        "share": [10**6],
        "scenario": [shop.scenario.pk],
        "moment": [1],
        "report-file": ["json"],
        "graph": ["ndjson"],
    }
    if route == "nowhere":
        return "/api/v1/no/such%0Athing"
    named = arguments.get(route, [])
    is_elsewhere = route in ("page", "openapi", "report-schema", "workspaces")
    return reverse(f"api:{route}", args=[*([] if is_elsewhere else [shop.workspace.slug]), *named])


@pytest.fixture
def callers(shop: Scene, bearer: Bearer) -> dict[str, Client]:
    """One of each, in the order of ``WHO``."""
    elsewhere = shop.stranger.workspaces.get()
    operator, gone = (User.objects.create_user(name) for name in ("otto", "gil"))
    for user in (operator, gone):
        Membership.objects.create(user=user, workspace=shop.workspace, role=Role.OPERATOR)
    browser = Client()
    browser.force_login(shop.viewer)
    ended_browser = Client()
    ended_browser.force_login(shop.admin)
    ended_browser.session.flush()
    made = [
        Client(),
        bearer(shop.stranger, "crawl", "change", space=elsewhere),
        browser,
        bearer(shop.viewer),
        bearer(operator, "crawl", "change"),
        bearer(shop.admin),
        bearer(shop.admin, "crawl", "change"),
        bearer(shop.admin, "crawl", "change"),
        bearer(gone, "crawl", "change"),
        ended_browser,
    ]
    revoked, ended = ApiToken.objects.filter(member__user=shop.admin).order_by("pk")[1:]
    tokens.revoke(revoked, shop.admin)
    ApiToken.objects.filter(pk=ended.pk).update(expires=ended.created)
    Membership.objects.get(user=gone).delete()
    return dict(zip(WHO, made, strict=True))


def test_every_address_answers_everybody_as_the_table_says(
    shop: Scene, callers: dict[str, Client]
) -> None:
    found = {
        route: tuple(
            " ".join(
                str(getattr(callers[who], method)(path, **body(method)).status_code)
                for who in (WHO if len(cell.split()) == len(WHO) else BRIEFLY)
            )
            for method, cell in zip(METHODS, cells, strict=True)
        )
        for route, cells in TABLE.items()
        for path in [address(route, shop)]
    }
    assert found == TABLE


def body(method: str) -> dict[str, str]:
    return {} if method == "get" else {"data": "{}", "content_type": "application/json"}


def test_no_address_is_missing_from_the_table() -> None:
    assert [pattern.name for pattern in urlpatterns] == [*TABLE]
