"""Channels and alerts, on their page."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from accounts.models import Deed
from tests.web.scene import Scene, example, publish
from topology.models import Alert, Channel

HOOK = {
    "kind": "webhook",
    "url": "https://example.com/hook/canary-path",
    "key": "canary-canary-canary",
    "every": "60",
}


@pytest.fixture
def admin(shop: Scene) -> Client:
    client = Client()
    client.force_login(shop.admin)
    return client


def add(client: Client, **form: str) -> str:
    answer = client.post("/w/shop/alerts/add/", form, follow=True)
    return unescape(answer.content.decode())


def test_a_channel_is_added_tried_and_removed_and_its_secrets_are_never_shown(
    shop: Scene, admin: Client
) -> None:
    shown = add(admin, **HOOK)
    channel = Channel.objects.get()
    assert (channel.shown, channel.every) == ("example.com", 60)
    assert "example.com" in shown
    tried = admin.post(f"/w/shop/alerts/{channel.pk}/try/", follow=True).content.decode()
    assert "The test" in tried
    for text in (shown, tried, channel.sealed, str(list(Deed.objects.values()))):
        assert "canary" not in text
    admin.post(f"/w/shop/alerts/{channel.pk}/remove/")
    assert not Channel.objects.exists()
    assert {"added the alert channel", "removed the alert channel"} <= {
        deed.did for deed in Deed.objects.all()
    }


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"url": "http://example.com/"}, "over TLS only"),
        ({"key": "short"}, "at least 16 characters"),
        ({"kind": "pigeon"}, "no such kind"),
        ({"kind": "sns", "topic": "arn:aws:sns:eu-west-1:1:t"}, "Choose the account"),
        ({"kind": "sns", "topic": "arn:aws:sns:eu-west-1:1:t", "aws_account": "²"}, "Choose the"),
    ],
)
def test_what_can_never_work_is_refused_with_a_sentence(
    admin: Client, changes: dict[str, str], complaint: str
) -> None:
    assert complaint in add(admin, **{**HOOK, **changes})
    assert not Channel.objects.exists()


def test_a_target_that_is_part_of_a_loop_is_refused(shop: Scene, admin: Client) -> None:
    report = example()
    topic = "arn:aws:sns:eu-west-1:111122223333:alerts"
    report["loops"][0]["edges"][0]["source"] = topic
    publish(shop.workspace, report)
    shown = add(admin, kind="sns", topic=topic, aws_account=str(shop.read.pk))
    assert "part of a loop that Loopscope reports" in shown
    assert not Channel.objects.exists()


def test_another_workspaces_channel_is_absent(shop: Scene, admin: Client) -> None:
    elsewhere = shop.stranger.workspaces.get()
    theirs = Channel.objects.create(workspace=elsewhere, kind="email", shown="x@y.z", sealed="")
    for verb in ("try", "remove"):
        assert admin.post(f"/w/shop/alerts/{theirs.pk}/{verb}/").status_code == 404
    assert Channel.objects.exists()


def test_every_kind_has_its_form(admin: Client) -> None:
    for kind in ("email", "slack", "teams", "webhook", "pagerduty", "sns", "eventbridge"):
        shown = admin.get(f"/w/shop/alerts/?kind={kind}").content.decode()
        assert f'value="{kind}"' in shown
        assert "never shown again" in shown


def test_a_viewer_sees_what_was_told_and_no_form(shop: Scene, viewer: Client) -> None:
    Alert.objects.create(
        workspace=shop.workspace,
        kind="loop",
        fingerprint="0" * 16,
        turn="changed",
        moment=1,
        before="possible",
        state="live",
        title="<b>orders</b>",
        detail="",
    )
    raw = viewer.get("/w/shop/alerts/?kind=webhook").content.decode()
    assert "possible → live" in raw
    assert "&lt;b&gt;orders" in raw
    assert "Add a channel" not in raw
