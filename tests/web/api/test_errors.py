"""Errors of the API: one shape for every status, and nothing told to whom it is not for."""

from __future__ import annotations

import json
import os
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache.backends.redis import RedisCache
from django.test import Client

from accounts import tokens
from accounts.models import ApiToken, Membership, Role
from tests.web.api.conftest import Bearer, of_token
from tests.web.scene import Scene
from topology.web.api import problems, throttling

SHOP = "/api/v1/workspaces/shop"
JSON = "application/json"


def problem(answer, status):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = json.loads(answer.content)
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


TABLE: list[tuple[int, str, str, dict[str, Any]]] = [
    (400, "post", f"{SHOP}/crawls", {"data": "{", "content_type": JSON}),
    (400, "post", f"{SHOP}/crawls", {"data": '{"account": NaN}', "content_type": JSON}),
    (400, "post", f"{SHOP}/crawls", {"data": "[" * 200_000, "content_type": JSON}),
    (400, "post", f"{SHOP}/crawls", {"data": "[" * 101 + "]" * 101, "content_type": JSON}),
    (400, "post", f"{SHOP}/crawls", {"data": b'"\xff"', "content_type": JSON}),
    (404, "get", "/api/v1/workspaces/elsewhere", {}),
    (404, "get", "/api/v1/no/such/thing", {}),
    (404, "get", f"{SHOP}/accounts/99999999999999999999", {}),
    (404, "get", f"{SHOP}/report/no-such-format", {}),
    (404, "get", f"{SHOP}/loops?moment=7", {}),
    (405, "delete", f"{SHOP}/loops", {}),
    (405, "options", f"{SHOP}/loops", {}),
    (405, "post", "/api/v1/openapi.json", {}),
    (406, "get", f"{SHOP}/loops", {"headers": {"Accept": "text/csv"}}),
    (413, "post", f"{SHOP}/crawls", {"data": '"' + "a" * 10**6, "content_type": JSON}),
    (415, "post", f"{SHOP}/crawls", {"data": "a=b", "content_type": "text/plain"}),
    (422, "post", f"{SHOP}/crawls", {"data": "{}", "content_type": JSON}),
    (422, "post", f"{SHOP}/crawls", {"data": '{"account": 0}', "content_type": JSON}),
    (422, "get", f"{SHOP}/loops?limit=0", {}),
    (422, "get", f"{SHOP}/loops?cursor=%00", {}),
    (422, "get", f"{SHOP}/loops?account=%00", {}),
    (422, "get", f"{SHOP}/crawls?cursor=bm9uZQ==", {}),
    (422, "get", f"{SHOP}/crawls?state=gone", {}),
    (422, "get", f"{SHOP}/crawls?account=3641094449306358611995262976", {}),
    (422, "get", f"{SHOP}/crawls?account=1.5", {}),
    (422, "get", f"{SHOP}/moments/1?since=99999999999999999999", {}),
]


def test_every_error_has_one_shape(shop: Scene, bearer: Bearer):
    client = bearer(shop.admin, "crawl")
    for status, method, path, more in TABLE:
        problem(getattr(client, method)(path, **more), status)


def test_nobody_is_asked_for_a_token(shop: Scene):
    answer = Client().get(f"{SHOP}/loops")
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_that_ended_was_revoked_or_never_was_answers_alike(shop: Scene, bearer: Bearer):
    ended, revoked = (bearer(shop.admin) for _ in range(2))
    first, second = ApiToken.objects.order_by("pk")
    ApiToken.objects.filter(pk=first.pk).update(expires=first.created)
    tokens.revoke(second, shop.admin)
    clients = [ended, revoked, *map(of_token, ("lsc_", "a" * 10_000, "lsc_é", "null"))]
    answers = [client.get(SHOP) for client in clients]
    assert {(each.status_code, each.content) for each in answers} == {(401, answers[0].content)}


def test_a_foreign_and_an_absent_workspace_answer_alike(shop: Scene, bearer: Bearer):
    client = bearer(shop.viewer)
    foreign, absent = (client.get(f"/api/v1/workspaces/{each}") for each in ("elsewhere", "none"))
    assert foreign.content == absent.content
    problem(foreign, 404)


def test_a_token_opens_no_other_workspace_of_its_person(shop: Scene, bearer: Bearer):
    Membership.objects.create(
        user=shop.admin, workspace=shop.stranger.workspaces.get(), role=Role.ADMIN
    )
    client = bearer(shop.admin)
    problem(client.get("/api/v1/workspaces/elsewhere"), 404)
    assert [each["slug"] for each in client.get("/api/v1/workspaces").json()["results"]] == ["shop"]


def test_a_scope_and_a_role_both_have_to_reach(shop: Scene, bearer: Bearer):
    asked: dict[str, Any] = {"data": json.dumps({"account": shop.read.pk}), "content_type": JSON}
    told = problem(bearer(shop.admin).post(f"{SHOP}/crawls", **asked), 403)
    assert told["detail"] == "This token may not ask for crawls."
    client = bearer(shop.admin, "crawl")
    assert client.post(f"{SHOP}/crawls", **asked).status_code == 202
    Membership.objects.filter(user=shop.admin).update(role=Role.VIEWER)
    problem(client.post(f"{SHOP}/crawls", **asked), 403)


def test_a_browser_reads_and_changes_nothing_without_its_form_token(shop: Scene):
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.admin)
    assert client.get(f"{SHOP}/loops").status_code == 200
    asked: dict[str, Any] = {"data": json.dumps({"account": shop.read.pk}), "content_type": JSON}
    told = problem(client.post(f"{SHOP}/crawls", **asked), 403)
    assert "CSRF" in told["detail"]


def test_who_calls_too_often_is_told_when_to_come_back(shop: Scene, bearer: Bearer, monkeypatch):
    monkeypatch.setattr(throttling.PerCaller, "THROTTLE_RATES", {"caller": "2/min"})
    client = bearer(shop.viewer)
    answers = [client.get(SHOP) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    problem(answers[2], 429)
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    made_up = [of_token(f"lsc_{each}").get(SHOP).status_code for each in range(3)]
    assert made_up == [401, 401, 429]


def test_nobody_is_kept_out_because_the_counting_fails(shop: Scene, bearer: Bearer, monkeypatch):
    monkeypatch.setattr(throttling.PerCaller, "cache", RedisCache("redis://127.0.0.1:1", {}))
    assert bearer(shop.viewer).get(SHOP).status_code == 200


@pytest.mark.skipif("LOOPSCOPE_TEST_REDIS_URL" not in os.environ, reason="no Redis is named")
def test_processes_that_share_a_redis_count_together(shop: Scene, bearer: Bearer, monkeypatch):
    monkeypatch.setattr(throttling.PerCaller, "THROTTLE_RATES", {"caller": "2/min"})
    client, answers, apart = bearer(shop.viewer), [], {"KEY_PREFIX": uuid4().hex}
    for _ in range(3):
        of_a_process = RedisCache(os.environ["LOOPSCOPE_TEST_REDIS_URL"], apart)
        monkeypatch.setattr(throttling.PerCaller, "cache", of_a_process)
        answers.append(client.get(SHOP).status_code)
    assert answers == [200, 200, 429]


def test_an_error_of_ours_says_nothing_of_what_went_wrong(rf):
    problem(problems.server_error(rf.get("/api/v1/workspaces")), 500)
    assert b"<html" in problems.server_error(rf.get("/w/shop/")).content
