"""Functions in Python: what must be found in each, its target and key, and whether that is all.

Targets and keys are told in the words of ``described``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "functions"
RAW = "the event's `Records.*.s3.object.key`"
KEY = f"the decoded form of {RAW}"
ANY = "something known at run time only"
# The file, whether the reading is complete, and its calls: operation, target, key or fields.
TABLE: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    (
        "key_replace",
        True,
        (f's3:PutObject the variable `BUCKET` | {KEY} with ".csv" replaced by ".json"',),
    ),
    (
        "key_reassigned",
        True,
        (f's3:PutObject "b" | "out/" + {KEY} with ".csv" replaced by ".json"',),
    ),
    ("key_first", True, (f's3:PutObject "b" | {RAW} with the first ".csv" replaced by ".json"',)),
    (
        "key_regex",
        True,
        (
            f's3:PutObject "b" | {RAW} with a final ".csv\n" replaced by ".json\n" with a final ".csv" replaced by ".json"',  # noqa: E501
        ),
    ),
    (
        "key_fstring",
        True,
        (f's3:PutObject "b" | "done/" + what is after the last "/" of {KEY} + ".json"',),
    ),
    (
        "key_format",
        True,
        (
            f's3:PutObject "b" | "a/" + {RAW} + ".x"',
            f's3:PutObject "b" | "b/" + {RAW}',
            f's3:PutObject "b" | {RAW} + "-c"',
        ),
    ),
    (
        "key_splitext",
        True,
        (f's3:PutObject "b" | what is before the last "." of {RAW} or {RAW} + ".json"',),
    ),
    ("key_slices", True, (f's3:PutObject "b" | a part of {RAW} + ".json"',)),
    (
        "key_pieces",
        True,
        (
            f's3:PutObject "b" | what is after the last "/" of {RAW}',
            f's3:PutObject "b" | what is before the first "/" of {RAW}',
            f's3:PutObject "b" | what is before the last "." of {RAW}',
            f's3:PutObject "b" | what is after the first "/" of {RAW}',
        ),
    ),
    (
        "key_affixes",
        True,
        (
            f's3:PutObject "b" | {RAW} with a final ".csv" replaced by "" + ".json"',
            f's3:PutObject "b" | {RAW} with a leading "in/" replaced by "" in lower case',
        ),
    ),
    (
        "key_pathlib",
        True,
        (
            f's3:PutObject "b" | {ANY} + ".json"',
            f's3:PutObject "b" | "out/" + what is after the last "/" of {ANY} or "out"',
        ),
    ),
    ("key_either", True, (f's3:PutObject "b" | "big/" or "small/" + {RAW}',)),
    ("key_helper", True, (f's3:PutObject "b" | {RAW} with ".csv" replaced by ".json"',)),
    ("key_loop", True, (f's3:PutObject "b" | {ANY} + "x" or {RAW}',)),
    ("key_mutated", True, (f's3:PutObject "b" | {ANY}',)),
    (
        "key_eventbridge",
        True,
        (
            "s3:PutObject the event's `detail.bucket.name` | \"x/\" + the event's `detail.object.key`",  # noqa: E501
        ),
    ),
    (
        "key_queued",
        True,
        (
            's3:PutObject "b" | the event\'s `Records.*.body.Records.*.s3.object.key` with ".csv" replaced by ".json"',  # noqa: E501
        ),
    ),
    ("copy_in_place", True, (f"s3:CopyObject the event's `Records.*.s3.bucket.name` | {KEY}",)),
    ("guarded", True, (f's3:PutObject "b" | {RAW}',)),
    (
        "uploads",
        True,
        (
            's3:PutObject "b" | "k"',
            's3:CompleteMultipartUpload "b" | "k"',
            's3:PutObject "c" | "l"',
            's3:CompleteMultipartUpload "c" | "l"',
            's3:CopyObject "d" | "m"',
            's3:CompleteMultipartUpload "d" | "m"',
        ),
    ),
    (
        "s3_resource",
        True,
        (
            's3:PutObject "b" | "k"',
            f's3:PutObject "b" | {RAW}',
            's3:PutObject "c" | "l"',
            's3:CompleteMultipartUpload "c" | "l"',
            's3:CopyObject "d" | "m"',
            's3:DeleteObject "b" | "k"',
        ),
    ),
    (
        "collections",
        True,
        (
            f's3:DeleteObject "b" | {ANY}',
            f's3:DeleteObjects "b" | {ANY}',
        ),
    ),
    (
        "table",
        True,
        (
            "dynamodb:PutItem the variable `TABLE` | -",
            "dynamodb:UpdateItem the variable `TABLE` | -",
            "dynamodb:BatchWriteItem the variable `TABLE` | -",
        ),
    ),
    (
        "queue_resource",
        True,
        (
            'sqs:SendMessage "https://q" | -',
            'sqs:SendMessage "jobs" | -',
            'sqs:DeleteMessage "jobs" | -',
        ),
    ),
    (
        "topic",
        True,
        (
            "sns:Publish the variable `TOPIC` | -",
            'sns:Publish "arn:t" | -',
            'sns:PublishBatch "arn:u" | -',
        ),
    ),
    (
        "events",
        True,
        (
            'events:PutEvents "orders" | Source "shop" DetailType "placed"',
            f'events:PutEvents "default" | Source "shop" DetailType {ANY}',
        ),
    ),
    ("events_appended", True, (f"events:PutEvents {ANY} | -",)),
    (
        "messages",
        True,
        (
            "sqs:SendMessage the variable `QUEUE_URL` | -",
            "sqs:SendMessageBatch the variable `QUEUE_URL` | -",
            'lambda:Invoke "next" | -',
            'stepfunctions:StartExecution "arn:m" | -',
            'kinesis:PutRecord "s" | -',
            'firehose:PutRecordBatch "f" | -',
        ),
    ),
    (
        "sessions",
        True,
        (
            's3:PutObject "b" | "1"',
            's3:PutObject "b" | "2"',
            'dynamodb:PutItem "t" | -',
            'sqs:SendMessage "q" | -',
        ),
    ),
    ("lazy", True, ('s3:PutObject "b" | "k"',)),
    ("cached", True, ('s3:PutObject "b" | "k"',)),
    ("by_argument", True, (f's3:PutObject "b" | {RAW}',)),
    ("by_attribute", True, ('s3:PutObject the variable `BUCKET` | "k"',)),
    (
        "by_dict",
        True,
        (
            's3:PutObject "b" | "k"',
            'sqs:SendMessage "q" | -',
        ),
    ),
    ("inherited", True, ('s3:PutObject "b" | "k"',)),
    ("data_class", True, ('s3:PutObject "b" | "k"',)),
    (
        "threads",
        True,
        (
            's3:PutObject "b" | "k"',
            f"s3:PutObject {ANY} | {ANY}",
        ),
    ),
    ("partials", True, (f"s3:PutObject {ANY} | {ANY}",)),
    ("through_queue", True, ('s3:PutObject "b" | "k"',)),
    (
        "comprehensions",
        True,
        (
            's3:PutObject "b" | "a" or "b"',
            's3:PutObject "b" | "z"',
        ),
    ),
    ("contexts", True, ('s3:PutObject "b" | "k"',)),
    ("decorated", True, ('s3:PutObject "b" | "k"',)),
    (
        "asynchronous",
        True,
        (
            's3:PutObject "b" | "k"',
            'dynamodb:PutItem "t" | -',
        ),
    ),
    ("matched", True, ('s3:PutObject "b" | "k"',)),
    ("matched_attribute", True, (f"s3:PutObject {ANY} | {ANY}",)),
    ("paginated", True, (f's3:DeleteObject "b" | {ANY}',)),
    (
        "presigned",
        True,
        (
            's3:PutObject "b" | "k"',
            's3:PutObject "c" | "l"',
        ),
    ),
    ("presigned_unknown", False, ()),
    ("spread", True, ('s3:PutObject "b" | "k"',)),
    ("spread_changed", True, (f"s3:PutObject {ANY} | {ANY}",)),
    ("reads_only", True, ()),
    ("nothing", True, ()),
    ("for_types", True, ('s3:PutObject "b" | "k"',)),
    (
        "idempotent",
        True,
        (
            'dynamodb:DeleteItem "seen" | -',
            'dynamodb:PutItem "seen" | -',
            'dynamodb:UpdateItem "seen" | -',
            f's3:PutObject "b" | {RAW}',
        ),
    ),
    ("batched", True, ('sqs:SendMessage "q" | -',)),
    ("partial_failures", True, ()),
    ("several_services", True, ('s3:PutObject "b" | "k"',)),
    ("service_unknown", False, ()),
    ("getattr_unknown", False, ()),
    ("getattr_known", True, (f"s3:PutObject {ANY} | {ANY}",)),
    ("private_call", False, ()),
    ("hooks", False, ()),
    ("monkeypatch", False, ()),
    ("evaluated", False, ()),
    ("executed", False, ()),
    ("import_function", False, ()),
    ("import_module", False, ()),
    ("modules_table", False, ()),
    ("globals_table", False, ()),
    ("namespace", False, ()),
    ("by_operator", False, ()),
    ("shell", False, ()),
    ("through_another_module", False, ()),
    ("process", False, ()),
    ("native", False, ()),
    ("http", False, ()),
    ("http_library", False, ()),
    ("signed", False, ()),
    ("starred", True, ('s3:PutObject "b" | "k"',)),
    ("metaclass", False, ()),
    ("by_getattr_method", False, ()),
    ("descriptor", True, ('s3:PutObject "b" | "k"',)),
    ("raised", True, ('s3:PutObject "b" | "k"',)),
    ("generated", True, ('s3:PutObject "b" | "k"',)),
    ("operators", True, ('s3:PutObject "b" | "k"',)),
    ("sorted_by", True, ('s3:PutObject "b" | "k"',)),
    ("defaults", True, ('s3:PutObject "b" | "k"',)),
    ("annotations", True, ('s3:PutObject "b" | "k"',)),
    ("newer_syntax", False, ()),
    ("deep", False, ()),
    ("broken", False, ()),
    ("missing_module", False, ()),
    ("no_handler", False, ()),
    ("escaping", False, ()),
    ("other_resources", False, ()),
    ("notify_by_item", True, ('sns:Publish "t" | -',)),
    ("changed_bus_deleted", True, (f"events:PutEvents {ANY} | -",)),
    ("match_leftover", True, (f's3:PutObject "b" | {ANY}',)),
    ("changed_event_or", True, (f's3:PutObject "b" | {ANY}',)),
    ("changed_dict_update", True, (f's3:PutObject "b" | {ANY}',)),
    ("main_guard", True, (f's3:PutObject "b" | {RAW}',)),
    ("changed_env_reset", True, (f's3:PutObject {ANY} | "k"',)),
)


@dataclass(frozen=True)
class Handler:
    """A small function, what must be found in it, and whether that is all there is."""

    name: str
    complete: bool
    told: tuple[str, ...]

    @property
    def files(self) -> Mapping[str, bytes]:
        """The package."""
        return {f"{self.name}.py": (FOLDER / f"{self.name}.py").read_bytes()}

    @property
    def calls(self) -> frozenset[tuple[str, str]]:
        """Services and operations."""
        return frozenset(
            (service, operation)
            for service, _, operation in (one.split(" ", 1)[0].partition(":") for one in self.told)
        )

    def __str__(self) -> str:
        return self.name


HANDLERS = tuple(Handler(*row) for row in TABLE)
