"""PagerDuty, by its Events API: an incident opens, and ends when what it is about is resolved.

Source: https://developer.pagerduty.com/docs/events-api-v2-overview
"""

from __future__ import annotations

from topology.alerts.channel import ChannelError, ChannelKind, Config, Field, Wire
from topology.alerts.message import Item, Message
from topology.alerts.webhook import post_json

EVENTS = "https://events.pagerduty.com/v2/enqueue"
KEY = 32  # characters of an integration's key
SEVERITIES = {"live": "critical", "guarded": "error", "high": "error", "overdue": "error"}


def _check(config: Config) -> None:
    if len(config["key"]) != KEY or not config["key"].isalnum():
        raise ChannelError(f"An integration key has {KEY} letters and digits.")


def _send(config: Config, message: Message, wire: Wire) -> None:
    for each in message.items:
        post_json(wire, EVENTS, _event(config["key"], each, message.workspace), headers={})


def _event(key: str, item: Item, workspace: str) -> dict[str, object]:
    return {
        "routing_key": key,
        "event_action": "resolve" if item.turn == "resolved" else "trigger",
        "dedup_key": f"loopscope:{item.kind}:{item.fingerprint}",
        "payload": {
            "summary": item.headline[:1024],
            "source": f"loopscope/{workspace}",
            "severity": SEVERITIES.get(item.state, "warning"),
            "timestamp": item.at.isoformat(),
            "custom_details": {"detail": item.detail, "idempotency_key": item.key},
        },
        "links": [{"href": item.url, "text": "Open in Loopscope"}] if item.url else [],
    }


pagerduty = ChannelKind(
    "pagerduty",
    "PagerDuty",
    (Field("key", "Integration key", "of an Events API v2 integration", secret=True),),
    _check,
    lambda config: "an integration of PagerDuty",
    _send,
    lambda config: (),
)
