"""Amazon SNS: a message to a topic of a connected account.

Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from __future__ import annotations

import json

from topology import arn as arns
from topology.alerts.channel import ChannelError, ChannelKind, Config, Field, Wire
from topology.alerts.message import Message

LONGEST_SUBJECT = 99


def parsed(arn: str, service: str) -> arns.Arn:
    """The ARN of a resource of a service; raise ``ChannelError`` for another one or none."""
    try:
        found = arns.parse(arn)
    except arns.ArnError as error:
        raise ChannelError("That is no ARN.") from error
    if found.service != service or not found.region or not found.account:
        raise ChannelError(f"That is no ARN of the service {service}.")
    return found


def _check(config: Config) -> None:
    parsed(config["topic"], "sns")


def _send(config: Config, message: Message, wire: Wire) -> None:
    topic = parsed(config["topic"], "sns")
    subject = "".join(char for char in message.subject if 31 < ord(char) < 127)
    once = {"MessageGroupId": "loopscope", "MessageDeduplicationId": message.key}
    wire.aws("sns", topic.region).publish(
        TopicArn=config["topic"],
        Subject=subject[:LONGEST_SUBJECT] or "Loopscope",
        Message=json.dumps(message.as_json(), ensure_ascii=True),
        **(once if config["topic"].endswith(".fifo") else {}),
    )


sns = ChannelKind(
    "sns",
    "Amazon SNS",
    (Field("topic", "Topic", "arn:aws:sns:eu-west-1:123456789012:alerts"),),
    _check,
    lambda config: config["topic"],
    _send,
    lambda config: (config["topic"],),
    uses_aws=True,
)
