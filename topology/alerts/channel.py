"""What a file of this package declares: the fields of a kind of channel, and how it is sent to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from topology.alerts.message import Message

Config = Mapping[str, str]


class ChannelError(Exception):
    """It did not arrive, or cannot be set so; the sentence names no secret and no answer's body."""


class RefusedError(ChannelError):
    """It must not be sent there, and trying again changes nothing."""


class Wire(Protocol):
    """What channels send with."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """POST to a public address; raise ``ChannelError`` unless it answers 2xx."""

    def aws(self, service: str, region: str) -> Any:
        """A client of the account whose credentials the channel uses; ``ChannelError``."""

    def mail(self, to: str, message: Message) -> None:
        """Send an e-mail; raise ``ChannelError`` where no mail server takes it."""


@dataclass(frozen=True, slots=True)
class Field:
    """What somebody has to say of a channel; a ``secret`` is never shown again."""

    name: str
    label: str
    placeholder: str = ""
    secret: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class ChannelKind:
    """A kind of channel.

    ``check`` raises ``ChannelError`` for what can never work; ``shown`` is what the pages call it;
    ``send`` sends; ``touches`` are the ARNs that a message reaches, and hosts it is posted to.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    check: Callable[[Config], None]
    shown: Callable[[Config], str]
    send: Callable[[Config, Message, Wire], None]
    touches: Callable[[Config], tuple[str, ...]]
    uses_aws: bool = field(default=False)
