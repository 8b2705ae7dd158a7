"""Microsoft Teams, by a workflow's webhook that takes an adaptive card.

Source: https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
"""

from __future__ import annotations

from typing import Any

from topology.alerts.channel import ChannelKind, Config, Field, Wire
from topology.alerts.message import Item, Message
from topology.alerts.webhook import by_host, check_url, host, post_json

MOST = 20  # alerts of a card, which may have 28 KB
LONGEST = 800  # characters of one alert


def _send(config: Config, message: Message, wire: Wire) -> None:
    body = [_text(message.subject, weight="Bolder", size="Medium")]
    for each in message.items[:MOST]:
        body += _told(each)
    if len(message.items) > MOST:
        body.append(_text(f"and {len(message.items) - MOST} more"))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    post_json(wire, config["url"], {"type": "message", "attachments": [attachment]}, headers={})


def _told(item: Item) -> list[dict[str, Any]]:
    told = [_text(item.headline, weight="Bolder"), _text(item.detail[:LONGEST])]
    if item.url:
        open_it = {"type": "Action.OpenUrl", "title": "Open in Loopscope", "url": item.url}
        told.append({"type": "ActionSet", "actions": [open_it]})
    return told


def _text(text: str, **style: str) -> dict[str, Any]:
    """Text as it is: a run of rich text knows no markup, so names cannot make any."""
    run = {"type": "TextRun", "text": text, **style}
    return {"type": "RichTextBlock", "inlines": [run]}


teams = ChannelKind(
    "teams",
    "Microsoft Teams",
    (Field("url", "Workflow's webhook", "https://….logic.azure.com/…", secret=True),),
    check_url,
    lambda config: host(config["url"]),
    _send,
    by_host,
)
