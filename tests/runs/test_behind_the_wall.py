"""The ordinary way of things, where nobody sees a row until they have named its workspace."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AwsAccount, Deed
from accounts.row_security import unbounded, within
from tests.alerts.receiver import receiving
from tests.web.scene import PASSWORD, scene
from topology import tasks
from topology.models import AcceptanceRow, Analysis, Delivery, Run, RunState

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such wall"),
]
SHARED = re.compile(r"http://testserver(/s/[\w-]+)#([\w-]+)")
NOBODYS = 0  # a workspace that does not exist


def test_everything_works_for_who_sees_nothing_until_a_workspace_is_named(
    aws, worker, monkeypatch, settings
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    settings.ALERT_NETWORKS = ["127.0.0.0/8"]
    shop = scene().workspace
    Run.objects.all().delete()
    AwsAccount.objects.all().delete()
    mine = AwsAccount.objects.create(
        workspace=shop, account_id=aws.id, role_arn=aws.role_arn, regions=[aws.region]
    )
    with within(NOBODYS), receiving() as receiver:
        ada = Client()
        assert ada.post("/sign-in/", {"username": "ada", "password": PASSWORD}).status_code == 302
        assert ada.get("/", follow=True).redirect_chain[-1][0] == "/w/shop/"
        assert ada.post(f"/w/shop/accounts/{mine.pk}/crawl/").status_code == 302
        worker.work_off()
        page = ada.get("/w/shop/").content.decode()
        assert "No loop within scope" in page
        given = {"kind": "webhook", "url": receiver.url, "key": "k" * 16}
        assert ada.post("/w/shop/alerts/add/", given).status_code == 302

        found = SHARED.search(ada.post("/w/shop/shares/", {"days": "7"}).content.decode())
        assert found
        assert Client().post(found[1], {"token": found[2]}).status_code == 200
        assert Client().post(found[1], {"token": "x"}).status_code == 404

        with unbounded():  # time passes
            long_ago = timezone.now() - timedelta(days=200)
            AwsAccount.objects.update(schedule="hourly", scheduled_since=long_ago)
            Run.objects.update(scheduled_for=long_ago, started=long_ago, finished=long_ago)
            Analysis.objects.filter(moment=1).update(created=long_ago)
            AcceptanceRow.objects.create(
                workspace=shop, kind="loop", what="0" * 16, title="x", names={},
                owner="x", reason="x", expires=long_ago, made_by="ada",
            )  # fmt: skip
        tasks.start_due()
        waiting = worker.take()
        assert "topology.plan" in dict(waiting)
        worker.do(*(each for each in waiting if each[0] != "topology.plan"))  # one crawl is enough
        tasks.prune()
        assert "overdue" in receiver.came[0][2].decode()

        stan = Client()
        assert stan.post("/sign-in/", {"username": "stan", "password": PASSWORD}).status_code == 302
        assert stan.get("/w/shop/").status_code == 404
        assert stan.get("/w/elsewhere/").status_code == 200
    assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == [
        RunState.PUBLISHED,
        RunState.REQUESTED,
    ]
    assert Delivery.objects.filter(sent=None).count() == 0
    assert AcceptanceRow.objects.get().lapsed
    assert not Analysis.objects.filter(moment=1).exists()
    assert [deed.did for deed in Deed.objects.filter(workspace=shop).order_by("pk")][:1] == [
        "signed in"
    ]
