"""Slack, by an incoming webhook.

Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from __future__ import annotations

from topology.alerts.channel import ChannelKind, Config, Field, Wire
from topology.alerts.message import Message
from topology.alerts.webhook import by_host, check_url, host, post_json

LONGEST = 2900  # characters of a section's text; Slack takes 3000
MOST = 40  # blocks; Slack takes 50


def escaped(text: str) -> str:
    """Text in which nothing mentions anybody or links anywhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _send(config: Config, message: Message, wire: Wire) -> None:
    blocks = [
        _section(f"*{escaped(each.headline)}*\n{escaped(each.detail)}", each.url)
        for each in message.items[:MOST]
    ]
    if more := len(message.items) - MOST:
        blocks += [_section(f"and {more} more", "")] if more > 0 else []
    post_json(wire, config["url"], {"text": escaped(message.subject), "blocks": blocks}, headers={})


def _section(text: str, url: str) -> dict[str, object]:
    link = f"\n<{url}|Open in Loopscope>" if url else ""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:LONGEST] + link}}


slack = ChannelKind(
    "slack",
    "Slack",
    (Field("url", "Incoming webhook", "https://hooks.slack.com/services/…", secret=True),),
    check_url,
    lambda config: host(config["url"]),
    _send,
    by_host,
)
