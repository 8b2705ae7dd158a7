"""When something is new, changed or resolved, and that it is told exactly once (TRUST I5, I7)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.row_security import within
from tests.alerts.receiver import receiving
from tests.store.observations import FUNCTION, account, function, observation, publish
from topology import runs, store
from topology.alerts import RefusedError
from topology.graph import Edge, Gap, Meaning, Read, ReadStatus
from topology.models import Alert, Analysis, Channel, Delivery, Watched
from topology.reports.subjects import Kind, Seen, Subject, Turn, Whole, as_json, from_json, turn
from topology.runs import alerting

ACCOUNT, LIST = "123456789012", "sqs.list_queues"
READ = Read(ACCOUNT, "eu-west-1", LIST, "sqs:ListQueues", ReadStatus.COMPLETE, 1, 1)
WHOLE = Whole((READ,), (), (), complete_to=20)
LOOP = Subject(
    Kind.LOOP, "ab" * 8, "live", "a → b → a", "It goes round.",
    scopes=((ACCOUNT, LIST),), ways=("t1",), hops=2,
)  # fmt: skip
FINDING = Subject(Kind.FINDING, "cd" * 8, "high", "A queue", "Because.", "poison-message",
                  scopes=((ACCOUNT, LIST),))  # fmt: skip
OPEN, CLOSED = Seen(LOOP, True), Seen(LOOP, False)
GAP = Gap(ACCOUNT, "eu-west-1", LIST, "sqs:ListQueues", "", "AccessDenied", "refused")
BLOCKED, ACCEPTED = replace(LOOP, state="blocked"), replace(LOOP, state="accepted")

TURNS = [
    ("seen for the first time", None, LOOP, WHOLE, Turn.NEW),
    ("blocked from the beginning", None, BLOCKED, WHOLE, None),
    ("seen again", OPEN, LOOP, WHOLE, None),
    ("graver", OPEN, replace(LOOP, state="possible"), WHOLE, Turn.CHANGED),
    ("accepted", OPEN, ACCEPTED, WHOLE, Turn.CHANGED),
    ("its acceptance ran out", Seen(ACCEPTED, False), LOOP, WHOLE, Turn.CHANGED),
    ("accepted and seen again", Seen(ACCEPTED, False), ACCEPTED, WHOLE, None),
    ("accepted and gone", Seen(ACCEPTED, False), None, WHOLE, Turn.RESOLVED),
    ("accepted and stopped", Seen(ACCEPTED, False), BLOCKED, WHOLE, Turn.RESOLVED),
    ("accepted and not seen: a gap", Seen(ACCEPTED, False), None,
     replace(WHOLE, gaps=(GAP,)), None),
    ("accepted, gone, still gone", Seen(replace(LOOP, state="gone"), False), None, WHOLE, None),
    ("back again", CLOSED, LOOP, WHOLE, Turn.NEW),
    ("stopped", OPEN, BLOCKED, WHOLE, Turn.RESOLVED),
    ("stopped, but not all of it was read", OPEN, BLOCKED, replace(WHOLE, gaps=(GAP,)), None),
    ("gone", OPEN, None, WHOLE, Turn.RESOLVED),
    ("not seen: a gap", OPEN, None, replace(WHOLE, gaps=(GAP,)), None),
    ("not seen: never read", OPEN, None, replace(WHOLE, reads=()), None),
    ("not seen: stale", OPEN, None, replace(WHOLE, stale=(f"{ACCOUNT} eu-west-1: 3",)), None),
    ("not seen: half", OPEN, None,
     replace(WHOLE, reads=(READ, replace(READ, region="b", status=ReadStatus.PARTIAL))), None),
    ("not listed: there are more", OPEN, None, replace(WHOLE, more_loops=1), Turn.RESOLVED),
    ("not listed: longer", OPEN, None, replace(WHOLE, complete_to=1), Turn.RESOLVED),
    ("still gone", CLOSED, None, WHOLE, None),
    ("a finding is gone", Seen(FINDING, True), None, WHOLE, Turn.RESOLVED),
    ("its rule could not be asked", Seen(FINDING, True), None,
     replace(WHOLE, undecided=frozenset({"poison-message"})), None),
]  # fmt: skip


@pytest.mark.parametrize(("_case", "seen", "now", "whole", "expected"), TURNS)
def test_what_becomes_of_a_subject(_case, seen, now, whole, expected):
    assert turn(seen, now, whole) is expected


def test_a_subject_is_kept_as_it_was():
    kept = json.loads(json.dumps(as_json(LOOP)))
    assert from_json(LOOP.kind, LOOP.fingerprint, LOOP.state, kept) == LOOP


@pytest.fixture
def space(db):
    workspace = account().workspace
    workspace.moment = 1
    workspace.save()
    return workspace


def told(space, moment, *subjects, whole=WHOLE):
    store.watch(space, moment, subjects, whole)
    return [(each.turn, each.state) for each in Alert.objects.filter(moment=moment)]


def test_a_loops_whole_life_is_told_once_each(space):
    assert told(space, 1, LOOP) == [("new", "live")]
    assert told(space, 1, LOOP) == [("new", "live")]
    assert told(space, 2, LOOP) == []
    assert told(space, 3, whole=replace(WHOLE, gaps=(GAP,))) == []
    assert told(space, 4, replace(LOOP, state="guarded")) == [("changed", "guarded")]
    assert told(space, 5) == [("resolved", "gone")]
    assert told(space, 6) == []
    assert told(space, 7, LOOP) == [("new", "live")]


def test_what_is_stopped_while_not_everything_was_read_stays_open_until_it_was(space):
    told(space, 1, LOOP)
    assert told(space, 2, BLOCKED, whole=replace(WHOLE, gaps=(GAP,))) == []
    assert Watched.objects.get().is_open
    assert told(space, 3, BLOCKED) == [("resolved", "blocked")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_publish_one_moment_tell_it_once():
    space = account().workspace
    Channel.objects.create(workspace=space, kind="email", shown="x", sealed="")
    together = Barrier(2)

    def publish() -> None:
        try:
            together.wait()
            with within(space):
                store.watch(space, 1, [LOOP], WHOLE)
        finally:
            connection.close()

    threads = [Thread(target=publish) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Alert.objects.count() == Delivery.objects.count() == 1


@pytest.fixture
def receiver(settings):
    settings.ALERT_NETWORKS = ["127.0.0.0/8"]
    with receiving() as running:
        yield running


def webhook(space, receiver, **options) -> Channel:
    config = {"url": receiver.url, "key": "canary-canary-canary"}
    return runs.add_channel(space, "webhook", config, aws_account=None, **options)


def again() -> None:
    """Let the wait until the next attempt be over."""
    Delivery.objects.update(not_before=timezone.now())


def test_it_arrives_at_least_once_with_one_key_however_often_it_fails(space, receiver):
    channel = webhook(space, receiver)
    told(space, 1, LOOP)
    receiver.status = 500
    for _ in range(2):
        runs.deliver(space)
        runs.deliver(space)  # not before its time
        again()
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.sent) == (2, None)
    assert delivery.reason == "127.0.0.1 answered 500."
    receiver.status = 200
    for _ in range(3):
        runs.deliver(space)
        again()
    assert len(receiver.came) == 3
    assert len({headers["Idempotency-Key"] for _, headers, _ in receiver.came}) == 1
    assert Delivery.objects.get().sent
    assert "canary" not in f"{channel.shown} {channel.sealed} {Delivery.objects.get().reason}"


def test_each_wait_is_longer_and_at_last_it_is_given_up(space, receiver):
    webhook(space, receiver)
    told(space, 1, LOOP)
    receiver.status = 503
    waits = []
    for _ in range(alerting.ATTEMPTS):
        again()
        runs.deliver(space)
        waits.append(Delivery.objects.get().not_before - timezone.now())
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= alerting.LONGEST_WAIT
    assert Delivery.objects.get().given_up
    again()
    runs.deliver(space)
    assert len(receiver.came) == alerting.ATTEMPTS


def test_a_redirect_to_a_private_address_is_given_up_at_once(space, receiver):
    webhook(space, receiver)
    told(space, 1, LOOP)
    receiver.status, receiver.location = 302, "http://169.254.169.254/latest/meta-data/"
    runs.deliver(space)
    assert Delivery.objects.get().given_up
    assert "redirect" in Delivery.objects.get().reason


def test_a_digest_waits_and_comes_as_one(space, receiver):
    webhook(space, receiver, every=60)
    told(space, 1, LOOP, replace(LOOP, fingerprint="ef" * 8))
    runs.deliver(space)
    assert receiver.came == []
    assert Delivery.objects.earliest("pk").not_before <= timezone.now() + timedelta(hours=1)
    again()
    runs.deliver(space)
    [(_, headers, body)] = receiver.came
    assert len(json.loads(body)["alerts"]) == 2
    assert len(headers["Idempotency-Key"]) == 32


def test_findings_go_only_where_they_are_wanted(space, receiver):
    webhook(space, receiver)
    told(space, 1, FINDING)
    assert Alert.objects.count() == 1
    assert not Delivery.objects.exists()


def test_a_test_is_sent_and_opens_nothing(space, receiver):
    runs.try_channel(webhook(space, receiver))
    document = json.loads(receiver.came[0][2])
    assert document["test"] is True
    assert document["alerts"][0]["turn"] == "resolved"
    assert not Alert.objects.exists()


def test_a_functions_own_address_leads_into_the_loop_of_its_function(db):
    address = "https://abc123.lambda-url.eu-west-1.on.aws"
    door = Edge(address, FUNCTION, Meaning.TRIGGERS, "lambda.url", read="lambda.list_functions")
    publish(account(), observation([function()], [door]))
    edges = [{"source": "arn:aws:s3:::orders", "target": FUNCTION}]
    Analysis.objects.create(
        workspace=account().workspace,
        moment=account().workspace.moment,
        report={
            "loops": [{"verdict": "live", "title": "orders → thumb", "edges": edges}],
            "scope": {"accepted_gaps": []},
        },
        overviews={},
    )
    config = {"url": f"{address}/told", "key": "k" * 16}
    with pytest.raises(RefusedError, match="orders → thumb"):
        runs.add_channel(account().workspace, "webhook", config, aws_account=None)


def test_a_new_secret_key_makes_old_channels_unreadable_and_says_so(space, receiver, settings):
    channel = webhook(space, receiver)
    settings.SECRET_KEY = "another"
    with pytest.raises(RefusedError, match="SECRET_KEY has changed"):
        runs.try_channel(channel)


def test_an_e_mail_says_all_of_it(space):
    runs.add_channel(space, "email", {"to": "platform@example.com"}, aws_account=None)
    told(space, 1, LOOP)
    runs.deliver(space)
    [sent] = mail.outbox
    assert sent.to == ["platform@example.com"]
    assert "New loop (live): a → b → a" in sent.body
    assert "\n" not in sent.subject


def test_an_overdue_account_is_told_and_resolved_once_it_was_read(space):
    mine = account()
    mine.schedule, mine.scheduled_since = "hourly", timezone.now() - timedelta(days=1)
    mine.save()
    for _ in range(2):
        alerting.tell_of_accounts(timezone.now())
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.turn, alert.state) == ("account", "new", "overdue")
    type(mine).objects.update(scheduled_since=timezone.now())
    alerting.tell_of_accounts(timezone.now())
    assert [each.turn for each in Alert.objects.order_by("pk")] == ["new", "resolved"]
