"""The part of a message that its sender wrote: text, bytes, or JSON inside a string.

AWS decodes it before it compares, and looks whether message and pattern have the same format.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from topology.filters.operators import Exists, Prefix
from topology.filters.pattern import Leaf, Pattern

NOT_TEXT = Leaf((Exists(False),))  # an object has no value of its own; its fields have
ANY_TEXT = Leaf((Prefix(""),))


def from_text(text: Any) -> Any:
    """The object or list that a text is in JSON; any other value as it is."""
    if isinstance(text, str):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if isinstance(value, dict | list):
            return value
    return text


def from_base64(text: Any) -> Any:
    """The JSON or the text in base64-encoded UTF-8; what is neither stays as it came."""
    try:
        return from_text(base64.b64decode(text, validate=True).decode())
    except (TypeError, ValueError, binascii.Error):
        return text


def same_format(pattern: Pattern, fields: frozenset[str], lenient: bool) -> Pattern:
    """The pattern as it is compared with messages whose ``fields`` hold JSON or plain text.

    A message in JSON never fits a pattern for text, nor the other way round. ``lenient`` sources
    then ignore that part of the pattern; the others drop the message.
    """
    rewritten: list[tuple[str, Leaf | Pattern]] = []
    choices = [
        tuple(same_format(alternative, fields, lenient) for alternative in choice)
        for choice in pattern.choices
    ]
    for key, node in pattern.fields:
        if key not in fields:
            rewritten.append((key, node))
            continue
        is_json = isinstance(node, Pattern)
        asked = Pattern(((key, node), (key, NOT_TEXT)) if is_json else ((key, node),))
        other = Pattern(((key, ANY_TEXT if is_json else NOT_TEXT),))
        if lenient:
            choices.append((asked, other))
        else:
            rewritten += asked.fields
    return Pattern(tuple(rewritten), tuple(choices))
