"""A connection tried by a worker before it is relied on, and an account that leaves."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from accounts.models import AwsAccount
from topology import crawl, store
from topology.models import ConnectionTest
from topology.runs.identifying import RefusedError, connection, identified, must_be_ours_alone
from topology.runs.sending import send


def ask_for_test(account: AwsAccount) -> None:
    """Have a worker try the account's connection; what an earlier try said is forgotten."""
    fresh: dict[str, Any] = {"asked": timezone.now(), "finished": None, "refused": "", "calls": {}}
    ConnectionTest.objects.update_or_create(aws_account=account, defaults=fresh)
    send("topology.test_connection", account.pk)


def try_connection(account: AwsAccount) -> None:
    """Try the account's connection and keep what came of it. Never raises for what AWS says."""
    refused, calls = "", {}
    try:
        identity = identified(account)
        must_be_ours_alone(account)
        calls = asdict(crawl.tried(connection(account), identity))
    except (RefusedError, crawl.CrawlError) as error:
        refused = str(error)
    ConnectionTest.objects.filter(aws_account=account).update(
        finished=timezone.now(), refused=refused, calls=calls
    )


def disconnect(account: AwsAccount, *, keeps_history: bool) -> None:
    """Read an account no more, and have what is left judged anew."""
    store.disconnect(account, keeps_history=keeps_history)
    send("topology.analyse", account.workspace_id)
