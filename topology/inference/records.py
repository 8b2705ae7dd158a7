"""What somebody pastes as an event, as a record of the channel where it arrives.

Bounded and strict: size, depth and members are checked before anything is made of them, and what
is wrong is said with its place.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias
from urllib.parse import quote_plus

from topology.filters.document import FilterError, Json, a_string, an_object, read, within
from topology.graph import Resource
from topology.inference.wrapped import TIME, Record

LARGEST = 1024 * 1024  # bytes
DEEPEST = 100  # levels of [ and {
MOST_VALUES = 250_000
LONGEST_KEY = 1024

Maker: TypeAlias = Callable[[Json, str, Resource], Record]


def record(pasted: str, at: Resource) -> Record:
    """The record that a text is at a channel. Raises ``FilterError``, with line and column in it.

    Channels of messages take any text: an object that has the message's own field is a record,
    anything else the message itself.
    """
    makes_text = _TEXTS.get(at.kind)
    is_json = pasted.lstrip().startswith(("{", "["))
    if is_json and pasted.count(",") + pasted.count(":") > MOST_VALUES:
        raise FilterError("", f"too large: it may have {MOST_VALUES} values at most")
    try:
        value = read(pasted, "", LARGEST, DEEPEST)
    except FilterError as error:
        if makes_text is None or is_json or not error.message.startswith("not JSON"):
            raise
        return makes_text(pasted)
    found = _plain(value)
    if makes_text is not None and not _is_record(found, at):
        return makes_text(pasted)
    maker = _RECORDS.get(at.kind, _an_event)
    return maker(found, pasted, at)


def stored(key: str, name: str, bucket: Resource) -> Record:
    """The record of an object: its key as S3 stores it, and the event's name without ``s3:``."""
    if not key or len(key.encode("utf-8", "replace")) > LONGEST_KEY:
        raise FilterError("", f"an object key has 1 to {LONGEST_KEY} bytes")
    return _of_object(quote_plus(key, safe="/"), name.removeprefix("s3:"), bucket)


def _of_object(key: str, name: str, bucket: Resource) -> Record:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": TIME,
        "eventName": name,
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": {"name": bucket.name, "arn": bucket.arn},
            "object": {"key": key},
        },
    }


def _in_s3(value: Json, pasted: str, at: Resource) -> Record:
    found = _first(an_object(value, ""))
    s3 = an_object(found.get("s3"), "s3")
    a_string(an_object(s3.get("object"), "s3.object").get("key"), "s3.object.key")
    name = a_string(found.get("eventName"), "eventName").removeprefix("s3:")
    return {**found, "eventName": name}


def _in_sns(value: Json, pasted: str, at: Resource) -> Record:
    found = an_object(value, "")
    attributes = an_object(found.get("MessageAttributes") or {}, "MessageAttributes")
    for name, attribute in attributes.items():
        place = within("MessageAttributes", name)
        of_one = an_object(attribute, place)
        for member in ("Type", "Value"):
            a_string(of_one.get(member), within(place, member))
    return {**found, "Message": _text(found["Message"]), "MessageAttributes": attributes}


def _in_sqs(value: Json, pasted: str, at: Resource) -> Record:
    found = _first(an_object(value, ""))
    return {**found, "body": _text(found.get("body", ""))}


def _in_logs(value: Json, pasted: str, at: Resource) -> Record:
    found = an_object(value, "")
    return {**found, "message": _text(found["message"])}


def _in_kinesis(value: Json, pasted: str, at: Resource) -> Record:
    found = _first(an_object(value, ""))
    kinesis = an_object(found.get("kinesis"), "kinesis")
    a_string(kinesis.get("data"), "kinesis.data")
    return found


def _an_event(value: Json, pasted: str, at: Resource) -> Record:
    return _first(an_object(value, ""))


_RECORDS: Mapping[str, Maker] = {
    "s3.bucket": _in_s3,
    "sns.topic": _in_sns,
    "sqs.queue": _in_sqs,
    "kinesis.stream": _in_kinesis,
    "logs.loggroup": _in_logs,
}
_TEXTS: Mapping[str, Callable[[str], Record]] = {
    "sns.topic": lambda text: {"Message": text},
    "sqs.queue": lambda text: {"body": text},
    "logs.loggroup": lambda text: {"message": text},
    "kinesis.stream": lambda text: {
        "kinesis": {"data": base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()}
    },
}
_FIELDS = {"sns.topic": "Message", "sqs.queue": "body", "logs.loggroup": "message"}


def _is_record(value: Any, at: Resource) -> bool:
    """Whether what was pasted is the record around a message, and not the message."""
    if not isinstance(value, dict):
        return False
    if at.kind == "kinesis.stream":
        return isinstance(_first(value).get("kinesis"), dict)
    found = _first(value) if at.kind == "sqs.queue" else value
    is_of_s3 = at.kind == "sqs.queue" and "s3" in found  # a message that S3 wrote
    return _FIELDS[at.kind] in found and not is_of_s3


def _first(value: Mapping[str, Any]) -> dict[str, Any]:
    """The first of the records in what a target is handed; what is none stands for itself."""
    records = value.get("Records")
    if isinstance(records, list) and records and isinstance(records[0], dict):
        return records[0]
    return dict(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """The value with the numbers of JSON."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
    return value
