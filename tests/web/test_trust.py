"""The switch that keeps code from lowering anything: who may press it, and what is shown then."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from accounts.models import Membership, Role, User
from tests.web.scene import Scene, example
from topology import store
from topology.models import Analysis

LOOP = example()["loops"][0]["fingerprint"]


@pytest.fixture
def admin(shop: Scene) -> Client:
    client = Client()
    client.force_login(shop.admin)
    return client


def page(client: Client, address: str = "") -> str:
    return unescape(client.get(f"/w/shop/{address}").content.decode())


def judged(shop: Scene, *, trusts: bool) -> None:
    """What a worker does once it has been told."""
    shop.workspace.refresh_from_db()
    Analysis.objects.create(
        workspace=shop.workspace,
        moment=shop.workspace.moment,
        report=example(),
        overviews={},
        trusts_code=trusts,
    )


def test_an_admin_switches_it_off_and_on_again(shop: Scene, admin: Client) -> None:
    for word, trusts in (("distrusted", False), ("trusted", True)):
        assert f'name="code" value="{word}"' in page(admin)
        admin.post("/w/shop/trust/", {"code": word})
        shop.workspace.refresh_from_db()
        assert shop.workspace.trusts_code is trusts


def test_an_operator_neither_sees_the_switch_nor_may_press_it(shop: Scene, client: Client) -> None:
    operator = User.objects.create_user("olga")
    Membership.objects.create(user=operator, workspace=shop.workspace, role=Role.OPERATOR)
    client.force_login(operator)
    assert "may lower a verdict" in page(client)
    assert "/trust/" not in page(client)
    assert client.post("/w/shop/trust/", {"code": "distrusted"}).status_code == 403
    shop.workspace.refresh_from_db()
    assert shop.workspace.trusts_code


def test_a_form_without_its_token_changes_nothing(shop: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.admin)
    assert client.post("/w/shop/trust/", {"code": "distrusted"}).status_code == 403
    shop.workspace.refresh_from_db()
    assert shop.workspace.trusts_code


def test_no_verdict_of_the_other_word_is_shown_under_the_new_one(
    shop: Scene, admin: Client
) -> None:
    admin.post("/w/shop/trust/", {"code": "distrusted"})
    assert store.latest_analysis(shop.workspace) is None
    assert "Being judged anew" in page(admin)
    assert "no proof that it is gone" in page(admin, f"loops/{LOOP}/")
    assert admin.get("/w/shop/progress/").json()["reading"] is True
    judged(shop, trusts=False)
    assert "Being judged anew" not in page(admin)
    admin.post("/w/shop/trust/", {"code": "trusted"})
    assert "Being judged anew" in page(admin)  # and not what was judged so at an earlier moment


def test_an_analysis_that_was_under_way_is_not_shown_as_the_new_one(
    shop: Scene, admin: Client
) -> None:
    late = shop.workspace.moment
    shop.workspace.analyses.all().delete()
    admin.post("/w/shop/trust/", {"code": "distrusted"})
    Analysis.objects.create(
        workspace=shop.workspace, moment=late, report=example(), overviews={}, trusts_code=True
    )
    assert store.latest_analysis(shop.workspace) is None


def test_pressing_twice_is_pressing_once(shop: Scene, admin: Client) -> None:
    for _ in range(2):
        admin.post("/w/shop/trust/", {"code": "distrusted"})
    moment = shop.workspace.moment
    shop.workspace.refresh_from_db()
    assert shop.workspace.moment == moment + 1
