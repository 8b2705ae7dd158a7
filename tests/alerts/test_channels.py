"""What every kind of channel sends, and what it refuses to be."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from accounts.models import AwsAccount
from tests.alerts.receiver import Receiver, receiving
from tests.rig.mailbox import Mailbox, receiving_mail
from topology import alerts
from topology.alerts import ChannelError, Item, Message, RefusedError, pagerduty, part_of_a_loop
from topology.alerts.webhook import signature
from topology.runs.alerting import SiteWire

NAUGHTY = "<!channel> *orders* & <https://evil.example|x> 🏳️‍🌈"
ITEM = Item(
    "k" * 32,
    "loop",
    "0123456789abcdef",
    "new",
    "live",
    "",
    "orders → thumb → orders",
    "Whatever is written comes back.",
    datetime(2026, 11, 29, 12, tzinfo=UTC),
    "https://loopscope.example.com/w/shop/loops/0123456789abcdef/",
)
CONFIGS: dict[str, dict[str, str]] = {
    "email": {"to": "platform@example.com"},
    "eventbridge": {"bus": "arn:aws:events:eu-west-1:123456789012:event-bus/alerts"},
    "pagerduty": {"key": "a" * 32},
    "securityhub": {"place": "123456789012 eu-west-1"},
    "slack": {"url": "https://hooks.slack.com/services/T0/B0/canary"},
    "sns": {"topic": "arn:aws:sns:eu-west-1:123456789012:alerts"},
    "teams": {"url": "https://prod.westeurope.logic.azure.com/workflows/canary"},
    "webhook": {"url": "https://example.com/hook/canary", "key": "canary-canary-canary"},
}
BAD: list[tuple[str, dict[str, str]]] = [
    ("email", {"to": "nobody"}),
    ("eventbridge", {"bus": "alerts"}),
    ("pagerduty", {"key": "short"}),
    ("securityhub", {"place": "here"}),
    ("slack", {"url": "http://hooks.slack.com/"}),
    ("sns", {"topic": "arn:aws:sqs:eu-west-1:123456789012:alerts"}),
    ("teams", {"url": "javascript:alert(1)"}),
    ("webhook", {"url": "https://example.com/", "key": "short"}),
]


# What AWS answers, in the protocol of each: query, JSON, and REST with JSON.
PUBLISHED = b"""<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
<MessageId>m-1</MessageId></PublishResult><ResponseMetadata/></PublishResponse>"""
ANSWERS = {
    "sns": lambda failed: PUBLISHED,
    "eventbridge": lambda failed: json.dumps({"FailedEntryCount": failed, "Entries": []}).encode(),
    "securityhub": lambda failed: json.dumps({"FailedCount": failed, "SuccessCount": 0}).encode(),
}
Came = list[tuple[str, dict[str, str], Any]]


@pytest.fixture
def there(settings, monkeypatch) -> Iterator[Receiver]:
    """Where everything that is posted, and every call of AWS, really goes."""
    settings.ALERT_NETWORKS = ["127.0.0.0/8"]
    with receiving() as running:
        monkeypatch.setattr(pagerduty, "EVENTS", running.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url.partition("/hook")[0])
        yield running


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with receiving_mail() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def sent(
    there: Receiver, kind: str, *items: Item, failed: int = 0, config: dict[str, str] | None = None
) -> Came:
    """What came of a message, by the site's own ways: paths, headers and bodies, as data."""
    there.came.clear()
    if kind in ANSWERS:
        there.told = ANSWERS[kind](failed)
    given = config or CONFIGS[kind]
    if "url" in given:
        given = given | {"url": there.url}
    wire = SiteWire(AwsAccount(account_id="123456789012"))
    alerts.kinds()[kind].send(given, Message("Web shop", items or (ITEM,)), wire)
    return [
        (path, headers, dict(parse_qsl(text.decode())) if kind == "sns" else json.loads(text))
        for path, headers, text in there.came
    ]


def test_every_kind_is_found_and_tried_here():
    assert alerts.kinds().keys() == CONFIGS.keys() == {kind for kind, _ in BAD}


@pytest.mark.parametrize("kind", CONFIGS)
def test_it_takes_what_can_work_and_shows_nothing_secret_of_it(kind):
    declared = alerts.kinds()[kind]
    declared.check(CONFIGS[kind])
    assert "canary" not in declared.shown(CONFIGS[kind])
    assert [field.name for field in declared.fields] == list(CONFIGS[kind])


@pytest.mark.parametrize(("kind", "config"), BAD)
def test_it_refuses_what_can_never_work(kind, config):
    with pytest.raises(ChannelError):
        alerts.kinds()[kind].check(config)


@pytest.mark.parametrize("kind", CONFIGS)
def test_a_digest_of_many_and_of_any_names_is_sent(there, mailbox, kind):
    many = [replace(ITEM, title=NAUGHTY, key=f"{number:032x}") for number in range(130)]
    assert sent(there, kind, *many) or mailbox.came


def test_a_webhook_is_signed_over_its_time_and_body_with_one_key_for_every_attempt(there):
    (_, second, _) = sent(there, "webhook")[0]
    (_, first, told) = sent(there, "webhook")[0]
    [(_, _, text)] = there.came
    assert first["Idempotency-Key"] == second["Idempotency-Key"] == ITEM.key
    stamp, signed = first["Loopscope-Signature"].split(",")
    expected = hmac.new(b"canary-canary-canary", stamp[2:].encode() + b"." + text, hashlib.sha256)
    assert signed == f"v1={expected.hexdigest()}"
    assert signature("other", text, int(stamp[2:])) != first["Loopscope-Signature"]
    assert told["alerts"][0]["fingerprint"] == ITEM.fingerprint


def test_slack_reads_no_mention_or_link_from_a_name(there):
    [(_, _, told)] = sent(there, "slack", replace(ITEM, title=NAUGHTY))
    text = json.dumps(told, ensure_ascii=False)
    assert "<!channel>" not in text
    assert "<https://evil" not in text
    assert "&lt;!channel&gt;" in text


def test_pagerduty_opens_and_ends_one_incident_by_one_key(there):
    [(_, _, opened)] = sent(there, "pagerduty")
    [(_, _, ended)] = sent(there, "pagerduty", replace(ITEM, turn="resolved", state="gone"))
    assert (opened["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == ended["dedup_key"] == f"loopscope:loop:{ITEM.fingerprint}"
    assert opened["payload"]["severity"] == "critical"


def test_security_hub_gets_a_finding_that_is_archived_once_resolved(there):
    [(path, headers, call)] = sent(there, "securityhub")
    assert path == "/findings/import"
    assert "Credential=testing/" in headers["Authorization"]
    assert "/eu-west-1/securityhub/" in headers["Authorization"]
    [finding] = call["Findings"]
    [(_, _, later)] = sent(there, "securityhub", replace(ITEM, turn="resolved"))
    assert finding["Id"] == later["Findings"][0]["Id"]
    assert (finding["RecordState"], later["Findings"][0]["RecordState"]) == ("ACTIVE", "ARCHIVED")
    assert finding["ProductArn"].endswith(":product/123456789012/default")


@pytest.mark.parametrize("kind", ["eventbridge", "securityhub"])
def test_an_error_inside_an_answer_of_200_is_an_error(there, kind):
    with pytest.raises(ChannelError, match="refused 1 of 1"):
        sent(there, kind, failed=1)


def test_a_bus_gets_its_events_ten_at_a_time(there):
    came = sent(there, "eventbridge", *[replace(ITEM, key=f"{at:032x}") for at in range(11)])
    assert [len(told["Entries"]) for _, _, told in came] == [10, 1]
    assert came[0][1]["X-Amz-Target"] == "AWSEvents.PutEvents"
    detail = json.loads(came[1][2]["Entries"][0]["Detail"])
    assert (detail["key"], detail["turn"]) == (f"{10:032x}", "new")


def test_a_fifo_topic_is_told_once_by_the_key(there):
    topic = {"topic": "arn:aws:sns:eu-west-1:123456789012:alerts.fifo"}
    [(_, _, told)] = sent(there, "sns", config=topic)
    assert (told["Action"], told["MessageDeduplicationId"]) == ("Publish", ITEM.key)
    assert json.loads(told["Message"])["alerts"][0]["fingerprint"] == ITEM.fingerprint


@pytest.mark.parametrize("kind", ["slack", "teams", "webhook", "pagerduty"])
@pytest.mark.parametrize(("status", "final"), [(500, False), (404, True)])
def test_what_a_receiver_answers_is_told_without_its_words(there, kind, status, final):
    there.status = status
    with pytest.raises(ChannelError, match=f"answered {status}") as caught:
        sent(there, kind)
    assert isinstance(caught.value, RefusedError) is final
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("kind", ["slack", "teams", "webhook"])
def test_nothing_is_sent_to_a_private_address_nor_after_a_redirect_to_one(there, settings, kind):
    there.status, there.location = 307, "http://169.254.169.254/latest/meta-data/"
    with pytest.raises(RefusedError, match="redirect"):
        sent(there, kind)
    settings.ALERT_NETWORKS = ["192.0.2.0/24"]
    with pytest.raises(RefusedError, match="not a public address"):
        sent(there, kind)
    assert there.came == []


def test_a_mail_has_the_key_of_its_alert_and_says_when_no_server_takes_it(there, mailbox, settings):
    sent(there, "email")
    [mail] = mailbox.came
    assert (mail["To"], mail["Message-ID"]) == ("platform@example.com", f"<{ITEM.key}@loopscope>")
    assert ITEM.title in mail.get_content()
    mailbox.refuses = True
    with pytest.raises(ChannelError, match="No mail server takes it"):
        sent(there, "email")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(ChannelError, match="No mail server is configured"):
        sent(there, "email")


LOOP = {
    "verdict": "live",
    "title": "alerts → notify → alerts",
    "edges": [
        {
            "source": "arn:aws:sns:eu-west-1:123456789012:alerts",
            "target": "arn:aws:events:eu-west-1:123456789012:event-bus/alerts",
        },
        {
            "source": "arn:aws:events:eu-west-1:123456789012:event-bus/default",
            "target": "arn:aws:apigateway:eu-west-1::/restapis/abc123",
        },
    ],
}


@pytest.mark.parametrize("kind", ["sns", "eventbridge", "securityhub"])
def test_a_target_that_is_part_of_a_loop_is_recognised(kind):
    touched = alerts.kinds()[kind].touches(CONFIGS[kind])
    assert part_of_a_loop(touched, {"loops": [LOOP]}) == LOOP["title"]
    assert part_of_a_loop(touched, {"loops": [{**LOOP, "verdict": "blocked"}]}) == ""
    assert part_of_a_loop(touched, {"loops": []}) == part_of_a_loop(touched, None) == ""


def test_the_address_of_an_api_on_a_loop_is_recognised_by_its_id():
    touched = ("abc123.execute-api.eu-west-1.amazonaws.com",)
    assert part_of_a_loop(touched, {"loops": [LOOP]})
    assert not part_of_a_loop(("example.com",), {"loops": [LOOP]})
