"""Connecting an account on the pages: its role, its test, its evidence, and the way out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AwsAccount
from tests.web.scene import Scene
from topology.models import ConnectionTest, Ear

NEW = "777788889999"


@pytest.fixture
def admin(shop: Scene, client: Client) -> Client:
    client.force_login(shop.admin)
    return client


def connect(admin: Client, **form: str) -> str:
    answer = admin.post(
        reverse("connect", args=["shop"]), {"role": "LoopscopeRead", **form}, follow=True
    )
    return answer.content.decode()


def page(admin: Client, account: AwsAccount) -> str:
    return admin.get(reverse("connection", args=["shop", account.pk])).content.decode()


def test_one_account_leads_to_its_role_and_commands(admin: Client) -> None:
    text = connect(admin, accounts=f"{NEW} Ware <house>")
    made = AwsAccount.objects.get(account_id=NEW)
    assert (made.name, made.regions) == ("Ware <house>", [])
    assert "Ware &lt;house&gt;" in text
    assert f"ExternalId={made.external_id} RoleName=LoopscopeRead" in text
    assert "Test now" in text


def test_many_are_connected_at_once_and_each_that_is_not_says_why(admin: Client) -> None:
    text = connect(
        admin, accounts=f"{NEW}\n111122223333\n\n12\n777788880000 b", regions="eu-west-1, us-east-1"
    )
    assert "Account 111122223333 is connected already." in text
    assert "12: " in text
    assert "2 connected" in text
    assert AwsAccount.objects.get(account_id=NEW).regions == ["eu-west-1", "us-east-1"]


def test_the_template_is_a_file_of_what_this_account_is_asked_for(
    admin: Client, shop: Scene
) -> None:
    address = reverse("role-template", args=["shop", shop.read.pk, "yaml"])
    assert "LookupEvents" not in admin.get(address).content.decode()
    admin.post(reverse("evidence", args=["shop", shop.read.pk]), {"kind": ["runtime", "moon"]})
    answer = admin.get(address)
    assert "LookupEvents" in answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="loopscope-role.yaml"'
    shop.read.refresh_from_db()
    assert shop.read.evidence == ["runtime"]


def test_the_console_is_linked_where_the_template_is_public(admin, shop, settings) -> None:
    connect(admin, accounts=NEW)
    made = AwsAccount.objects.get(account_id=NEW)
    assert "quickcreate" not in page(admin, made)
    settings.TEMPLATE_URL = "https://bucket.example.com/role.yaml"
    assert f"param_ExternalId={made.external_id}" in page(admin, made)


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ({}, "A worker assumes the role"),
        ({"refused": "The role answers to all."}, "It cannot be used."),
        ({"calls": {"tried": 243, "refused": [], "undecided": []}}, "It works."),
        (
            {
                "calls": {
                    "tried": 243,
                    "refused": [{"action": "sqs:ListQueues", "call": "sqs.list_queues"}],
                    "undecided": [{"action": "iot:GetTopicRule", "call": "iot.get_topic_rule"}],
                }
            },
            "1 of 243 reads are refused.",
        ),
    ],
)
def test_the_last_test_is_told(admin: Client, shop: Scene, result, says: str) -> None:
    finished = timezone.now() if result else None
    ConnectionTest.objects.create(
        aws_account=shop.read, asked=timezone.now(), finished=finished, **result
    )
    text = page(admin, shop.read)
    assert says in text
    for each in result.get("calls", {}).get("refused", ()):
        assert each["action"] in text


def test_disconnecting_wants_a_word_about_the_history(admin: Client, shop: Scene) -> None:
    address = reverse("disconnect", args=["shop", shop.read.pk])
    assert "Nothing was changed" in admin.post(address, follow=True).content.decode()
    text = admin.post(address, {"history": "keep"}, follow=True).content.decode()
    assert "Production is no longer read" in text
    assert "Production</bdi></a>" not in text
    assert admin.post(reverse("crawl", args=["shop", shop.read.pk])).status_code == 404
    assert str(shop.workspace.deeds.last()) == "ada disconnected Production (keep history)"


def test_changes_are_listened_to_where_an_admin_says_and_the_page_tells_how_it_goes(
    admin: Client, shop: Scene
) -> None:
    address = reverse("listen", args=["shop", shop.read.pk])
    answer = admin.post(address, {"regions": "eu-west-1, nowhere"}, follow=True)
    assert "There is no Region called nowhere" in answer.content.decode()
    assert not Ear.objects.exists()
    assert (
        "not asked yet"
        in admin.post(address, {"regions": "eu-west-1 us-east-1"}, follow=True).content.decode()
    )
    Ear.objects.filter(region="eu-west-1").update(failed="The queue is <not> there.", strange=2)
    Ear.objects.filter(region="us-east-1").update(heard=timezone.now(), changes=1)
    text = page(admin, shop.read)
    assert "not heard" in text
    assert "The queue is &lt;not&gt; there." in text
    assert "1 change so far" in text
    assert "2 times a message was none" in text
    admin.post(address, {"regions": ""})
    assert not Ear.objects.exists()


@pytest.mark.parametrize(("form", "has"), [("yaml", "AWS::Events::Rule"), ("tf", "aws_sqs_queue")])
def test_the_template_of_changes_comes_in_two_forms(
    admin: Client, shop: Scene, form: str, has: str
) -> None:
    answer = admin.get(reverse("changes-template", args=["shop", shop.read.pk, form]))
    assert has in answer.content.decode()
    assert f"loopscope-changes.{form}" in answer["Content-Disposition"]
    assert (
        admin.get(reverse("changes-template", args=["shop", shop.read.pk, "exe"])).status_code
        == 404
    )
