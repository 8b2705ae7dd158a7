"""What every kind of channel sends, and what it refuses to be."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from topology import alerts
from topology.alerts import ChannelError, Item, Message, part_of_a_loop
from topology.alerts.webhook import signature

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


class Told:
    """A wire's other end: what would have been sent, and answers of AWS in botocore's shape."""

    def __init__(self, failed: int = 0) -> None:
        self.posted: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.mailed: list[tuple[str, Message]] = []
        self.failed = failed

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.posted.append((url, body, headers))

    def aws(self, service: str, region: str) -> Told:
        return self

    def mail(self, to: str, message: Message) -> None:
        self.mailed.append((to, message))

    def publish(self, **call: Any) -> dict[str, Any]:
        self.called.append(("publish", call))
        return {}

    def put_events(self, **call: Any) -> dict[str, Any]:
        self.called.append(("put_events", call))
        return {"FailedEntryCount": self.failed}

    def batch_import_findings(self, **call: Any) -> dict[str, Any]:
        self.called.append(("batch_import_findings", call))
        return {"FailedCount": self.failed}


def sent(kind: str, *items: Item, **wire: int) -> Told:
    told = Told(**wire)
    alerts.kinds()[kind].send(CONFIGS[kind], Message("Web shop", items or (ITEM,)), told)
    return told


def body(told: Told) -> Any:
    [(_, text, _)] = told.posted
    return json.loads(text)


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
def test_a_digest_of_many_and_of_any_names_is_sent(kind):
    many = [replace(ITEM, title=NAUGHTY, key=f"{number:032x}") for number in range(130)]
    told = sent(kind, *many)
    assert told.posted or told.called or told.mailed


def test_a_webhook_is_signed_over_its_time_and_body_with_one_key_for_every_attempt():
    first, second = sent("webhook").posted[0], sent("webhook").posted[0]
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"] == ITEM.key
    stamp, signed = first[2]["Loopscope-Signature"].split(",")
    expected = hmac.new(
        b"canary-canary-canary", stamp[2:].encode() + b"." + first[1], hashlib.sha256
    )
    assert signed == f"v1={expected.hexdigest()}"
    assert signature("other", first[1], int(stamp[2:])) != first[2]["Loopscope-Signature"]
    assert json.loads(first[1])["alerts"][0]["fingerprint"] == ITEM.fingerprint


def test_slack_reads_no_mention_or_link_from_a_name():
    text = json.dumps(body(sent("slack", replace(ITEM, title=NAUGHTY))), ensure_ascii=False)
    assert "<!channel>" not in text
    assert "<https://evil" not in text
    assert "&lt;!channel&gt;" in text


def test_pagerduty_opens_and_ends_one_incident_by_one_key():
    opened = body(sent("pagerduty"))
    ended = body(sent("pagerduty", replace(ITEM, turn="resolved", state="gone")))
    assert (opened["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == ended["dedup_key"] == f"loopscope:loop:{ITEM.fingerprint}"
    assert opened["payload"]["severity"] == "critical"


def test_security_hub_gets_a_finding_that_is_archived_once_resolved():
    [(_, call)] = sent("securityhub").called
    [finding] = call["Findings"]
    [(_, later)] = sent("securityhub", replace(ITEM, turn="resolved")).called
    assert finding["Id"] == later["Findings"][0]["Id"]
    assert (finding["RecordState"], later["Findings"][0]["RecordState"]) == ("ACTIVE", "ARCHIVED")
    assert finding["ProductArn"].endswith(":product/123456789012/default")


@pytest.mark.parametrize("kind", ["eventbridge", "securityhub"])
def test_an_error_inside_an_answer_of_200_is_an_error(kind):
    with pytest.raises(ChannelError, match="refused 1 of 1"):
        sent(kind, failed=1)


def test_a_fifo_topic_is_told_once_by_the_key():
    told = Told()
    topic = {"topic": "arn:aws:sns:eu-west-1:123456789012:alerts.fifo"}
    alerts.kinds()["sns"].send(topic, Message("Web shop", (ITEM,)), told)
    assert told.called[0][1]["MessageDeduplicationId"] == ITEM.key


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
