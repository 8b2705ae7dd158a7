"""The way of one loop in Chromium: its account connected, and it told, accepted and resolved.

Over the real broker and an emulator of AWS whose role asks for its external id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import AwsAccount, Membership, Role, User, Workspace
from tests.alerts.receiver import Receiver, receiving
from tests.browser.conftest import sign_in
from tests.rig.account import Account
from tests.rig.estate import function
from tests.rig.proxy import FaultProxy
from tests.runs.conftest import Worker

pytestmark = pytest.mark.browser

KEY = "a key that both sides know"
NOTIFICATIONS = "s3.GetBucketNotificationConfiguration"


@pytest.fixture
def worker(live_server: LiveServer) -> Iterator[Worker]:
    running = Worker()
    running.take()
    yield running
    running.close()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.ALERT_NETWORKS = ["127.0.0.0/8"]
    with receiving() as running:
        yield running


@pytest.fixture
def guarded(aws: Account, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account with a function that may write to a bucket, which it does not hear yet."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    iam = aws.client("iam")
    role = iam.create_role(RoleName="thumb", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{bucket(aws)}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="thumb", PolicyName="put", PolicyDocument=document)
    function(aws, "thumb", role)
    aws.client("s3").create_bucket(
        Bucket=bucket(aws).rpartition(":")[2],
        CreateBucketConfiguration={"LocationConstraint": aws.region},
    )
    return aws


def bucket(aws: Account) -> str:
    return f"arn:aws:s3:::thumbs-{aws.id}"


def notify(aws: Account, *functions: str) -> None:
    """Have the bucket start these functions, and no others."""
    heard = [
        {
            "LambdaFunctionArn": aws.arn("lambda", f"function:{each}"),
            "Events": ["s3:ObjectCreated:*"],
        }
        for each in functions
    ]
    aws.client("s3").put_bucket_notification_configuration(
        Bucket=bucket(aws).rpartition(":")[2],
        NotificationConfiguration={"LambdaFunctionConfigurations": heard},
        SkipDestinationValidation=True,
    )


def turns(receiver: Receiver) -> list[tuple[str, str]]:
    """What came of loops: what became of them, and to what."""
    told = [each for _, _, body in receiver.came for each in json.loads(body)["alerts"]]
    return [(each["turn"], each["state"]) for each in told if each["kind"] == "loop"]


def test_a_loop_is_told_accepted_and_resolved_only_when_everything_was_read(
    guest: Page,
    live_server: LiveServer,
    guarded: Account,
    proxy: FaultProxy,
    worker: Worker,
    receiver: Receiver,
) -> None:
    page, home = guest, f"{live_server.url}/w/web-shop/"
    space = Workspace.objects.create(slug="web-shop", name="Web shop")
    admin = User.objects.create_user("ada", password="unused, as she comes by a link")
    Membership.objects.create(user=admin, workspace=space, role=Role.ADMIN)
    sign_in(page, live_server, admin)

    def crawl() -> None:
        """Press the button, and see how far it is without loading the page again."""
        page.goto(home)
        page.get_by_role("button", name="Crawl now").click()
        worker.do(*worker.take())  # planned
        expect(page.get_by_text("0 of 2 regions done, 2 waiting")).to_be_visible()
        worker.work_off()
        expect(page.get_by_text("Last read")).to_be_visible()

    # Somebody to tell, and an account to read.
    page.goto(f"{home}alerts/?kind=webhook")
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_label("Key").fill(KEY)
    page.get_by_role("button", name="Add").click()
    page.goto(f"{home}accounts/connect/")
    page.get_by_label("Account numbers").fill(f"{guarded.id} Production")
    page.get_by_label("Name of the role").fill("loopscope")
    page.get_by_label("Regions to read").fill(guarded.region)
    page.get_by_role("button", name="Connect").click()
    external_id = page.locator("dd code[data-copy]").first.inner_text()
    assert external_id == AwsAccount.objects.get().external_id
    proxy.require_external_id(guarded.role_arn, external_id)

    crawl()
    expect(page.get_by_role("heading", level=1)).to_contain_text("No loop")
    assert turns(receiver) == []

    notify(guarded, "thumb")
    crawl()
    assert turns(receiver) == [("new", "guarded")]
    page.goto(f"{home}alerts/")
    page.get_by_role("link", name="thumb").click()
    page.get_by_role("link", name="Accept this loop").click()
    page.get_by_label("Reason").fill("the thumbnails stop by themselves")
    page.get_by_role("button", name="Accept", exact=True).click()
    worker.work_off()
    assert turns(receiver)[1:] == [("changed", "accepted")]
    page.goto(home)
    expect(page.get_by_role("heading", level=1)).to_contain_text("No other loop")

    # It is gone, and nobody could see that: what triggers functions was not read.
    notify(guarded)
    proxy.deny(NOTIFICATIONS)
    crawl()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Incomplete")
    assert len(turns(receiver)) == 2
    proxy.clear()
    proxy.require_external_id(guarded.role_arn, external_id)
    crawl()
    expect(page.get_by_role("heading", level=1)).to_contain_text("No loop")
    assert turns(receiver)[2:] == [("resolved", "gone")]
    page.goto(f"{home}alerts/")
    expect(page.get_by_role("row", name="Resolved loop")).to_be_visible()
