"""E-mail, by the mail server of the site's settings.

Source: https://docs.djangoproject.com/en/5.2/topics/email/
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from topology.alerts.channel import ChannelError, ChannelKind, Config, Field, Wire
from topology.alerts.message import Message


def _check(config: Config) -> None:
    try:
        validate_email(config["to"])
    except ValidationError as error:
        raise ChannelError("That is no e-mail address.") from error


def _send(config: Config, message: Message, wire: Wire) -> None:
    wire.mail(config["to"], message)


email = ChannelKind(
    "email",
    "E-mail",
    (Field("to", "Address", "platform@example.com"),),
    _check,
    lambda config: config["to"],
    _send,
    lambda config: (),
)
