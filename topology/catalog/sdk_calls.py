"""What an SDK call that configuration names does: the resources it writes to or starts.

State machines, schedules and custom event buses call any operation of AWS by name, with the
parameters of its request.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from topology import arn as arns
from topology.catalog.sdk_names import actions_of, operation_of, prefix_of
from topology.catalog.service import Here
from topology.graph import Meaning


@dataclass(frozen=True, order=True, slots=True)
class Target:
    """A resource that a call writes to or starts, and the IAM action that allows it."""

    arn: str
    action: str

    @property
    def meaning(self) -> Meaning:
        """A call writes to a channel, and starts everything else."""
        is_channel = arns.is_arn(self.arn) and arns.parse(self.arn).service in CHANNELS
        return Meaning.WRITES if is_channel else Meaning.TRIGGERS


@dataclass(frozen=True, slots=True)
class Called:
    """What a call does: ``targets``, sorted, and the IAM ``actions`` it needs.

    ``dynamic``: what it reaches is not, or not wholly, told by configuration, because it depends
    on data or because nothing is known of the operation; what the caller's role allows stands.
    """

    targets: tuple[Target, ...]
    actions: tuple[str, ...]
    dynamic: bool


Given = Mapping[str, object]  # parameters by lower-case name; None: known at run time only
Found = Iterator["Target | None"]  # None: a target that is known at run time only
Naming = Callable[[Here, str], str | None]

CHANNELS = ("s3", "sqs", "sns", "events", "kinesis", "firehose", "dynamodb", "logs")

# Operations that change nothing, as their names say.
READS = re.compile(
    r"(BatchGet|Describe|Filter|Get|Head|List|Lookup|Query|Receive|Scan|Search|TransactGet)(?![a-z])"
)
AT_RUN_TIME = re.compile(r"[$<{]")  # JSONPath, <aws.scheduler.…>, {% JSONata %}: in no name
NAME = re.compile(r"[\w.#/:+-]+", re.ASCII)
OF_ACCOUNT = re.compile(r"(\d{12}):function:(.+)")
ENTRY_WRITES = {"put": "PutItem", "update": "UpdateItem", "delete": "DeleteItem"}


def called(
    here: Here, service: str, action: str, parameters: Mapping[str, object] | None
) -> Called:
    """What ``action`` of ``service`` does, as the caller's configuration spells both.

    ``here`` is the account and Region that names without an ARN belong to; ``parameters`` are
    those of the operation's request, or None where all of them are made of data.
    """
    prefix, operation = prefix_of(service), operation_of(action)
    actions = actions_of(prefix, operation)
    if READS.match(operation):
        return Called((), actions, False)
    find = TARGETS.get((prefix, operation))
    if find is None:
        return Called((), actions, True)
    found = set(find(here, _given(parameters or {})))
    targets = tuple(sorted(target for target in found if target is not None))
    return Called(targets, actions, None in found)


def _given(parameters: Mapping[str, object]) -> Given:
    """Parameters by lower-case name; what is made of data at run time is None."""
    return {
        name.removesuffix(".$").lower(): None if name.endswith(".$") else value
        for name, value in parameters.items()
    }


def _each(given: Given, name: str) -> Iterator[Given | None]:
    """The entries of a list; None for what is known at run time only."""
    entries = given.get(name)
    if not isinstance(entries, list):
        yield None
        return
    for entry in entries:
        yield _given(entry) if isinstance(entry, Mapping) else None


def _constant(given: Given, names: Iterable[str]) -> str | None:
    """The text of the first parameter that is given, if configuration knows it."""
    value = next((given[name] for name in names if name in given), None)
    return value if isinstance(value, str) and not AT_RUN_TIME.search(value) else None


def _under(service: str, form: str) -> Naming:
    """An ARN as it is; a name becomes one of this account and Region."""

    def name(here: Here, text: str) -> str | None:
        if arns.is_arn(text):
            return text
        if not NAME.fullmatch(text):
            return None
        return f"arn:{here.partition}:{service}:{here.region}:{here.account}:{form}{text}"

    return name


def _function(here: Here, text: str) -> str | None:
    """A function's name, its name and account, or its ARN; each with or without a qualifier."""
    if elsewhere := OF_ACCOUNT.fullmatch(text):
        account, name = elsewhere.groups()
        return f"arn:{here.partition}:lambda:{here.region}:{account}:function:{name}"
    return _under("lambda", "function:")(here, text.removeprefix("function:"))


def _bucket(here: Here, text: str) -> str | None:
    """A bucket by name; an access point does not say which bucket it leads to."""
    if arns.is_arn(text) or text.endswith(("-s3alias", "--x-s3")):
        return None
    return f"arn:{here.partition}:s3:::{text}"


def _queue(here: Here, text: str) -> str | None:
    return arns.of_queue_url(text, here.partition)


def _as_given(here: Here, text: str) -> str | None:
    return text if arns.is_arn(text) else None


def one(action: str, naming: Naming, *names: str) -> Callable[[Here, Given], Found]:
    """A call with one target, which the first given of some parameters names."""

    def find(here: Here, given: Given) -> Found:
        yield _target(here, action, naming, given, *names)

    return find


def _target(here: Here, action: str, naming: Naming, given: Given, *names: str) -> Target | None:
    text = _constant(given, names)
    arn = naming(here, text) if text else None
    return Target(arn, action) if arn else None


def _invoke(here: Here, given: Given) -> Found:
    """A function; which of its versions runs may be known at run time only."""
    target = _target(here, "lambda:InvokeFunction", _function, given, "functionname")
    if target and "qualifier" in given and not arns.canonical(target.arn)[1]:
        qualifier = _constant(given, ("qualifier",))
        if qualifier is None:
            yield None
        else:
            target = Target(f"{target.arn}:{qualifier}", target.action)
    yield target


def _publish(here: Here, given: Given) -> Found:
    """A topic; a phone and an app's endpoint end the journey."""
    names = ("topicarn", "targetarn")
    if "phonenumber" in given and not given.keys() & set(names):
        return
    target = _target(here, "sns:Publish", _as_given, given, *names)
    if target is None or ":endpoint/" not in target.arn:
        yield target


def _put_events(here: Here, given: Given) -> Found:
    """The bus of every entry, the default one where none is named; or one bus for all."""
    action, naming = "events:PutEvents", _under("events", "event-bus/")
    if "eventbusarn" in given:
        yield _target(here, action, naming, given, "eventbusarn")
        return
    for entry in _each(given, "entries"):
        if entry is None:
            yield None
        else:
            yield _target(
                here, action, naming, {"eventbusname": "default", **entry}, "eventbusname"
            )


def _batch_write(here: Here, given: Given) -> Found:
    """The tables that the requests are sorted by."""
    requests = given.get("requestitems")
    if not isinstance(requests, Mapping):
        yield None
        return
    for table in requests:
        named = {"tablename": None if table.endswith(".$") else table}
        yield _target(here, "dynamodb:BatchWriteItem", _table, named, "tablename")


def _transact_write(here: Here, given: Given) -> Found:
    """The table of every entry; a condition alone writes nothing."""
    for entry in _each(given, "transactitems"):
        if entry is None:
            yield None
            continue
        for name, item in entry.items():
            if name in ENTRY_WRITES:
                table = _given(item) if isinstance(item, Mapping) else {}
                action = f"dynamodb:{ENTRY_WRITES[name]}"
                yield _target(here, action, _table, table, "tablename")


_table = _under("dynamodb", "table/")
_job_definition = _under("batch", "job-definition/")
_job_queue = _under("batch", "job-queue/")


def _submit(here: Here, given: Given) -> Found:
    yield _target(here, "batch:SubmitJob", _job_definition, given, "jobdefinition")
    yield _target(here, "batch:SubmitJob", _job_queue, given, "jobqueue")


OBJECTS = (
    ("PutObject", "s3:PutObject"),
    ("CopyObject", "s3:PutObject"),
    ("CreateMultipartUpload", "s3:PutObject"),
    ("UploadPart", "s3:PutObject"),
    ("UploadPartCopy", "s3:PutObject"),
    ("CompleteMultipartUpload", "s3:PutObject"),
    ("RenameObject", "s3:PutObject"),
    ("DeleteObject", "s3:DeleteObject"),
    ("DeleteObjects", "s3:DeleteObject"),
    ("PutObjectTagging", "s3:PutObjectTagging"),
    ("DeleteObjectTagging", "s3:DeleteObjectTagging"),
    ("PutObjectAcl", "s3:PutObjectAcl"),
    ("RestoreObject", "s3:RestoreObject"),
    ("PutObjectRetention", "s3:PutObjectRetention"),
    ("PutObjectAnnotation", "s3:PutObjectAnnotation"),
    ("DeleteObjectAnnotation", "s3:DeleteObjectAnnotation"),
)
_stream = ("streamarn", "streamname")

# How the targets of a call are found, by the service's IAM prefix and the operation.
TARGETS: dict[tuple[str, str], Callable[[Here, Given], Found]] = {
    **{("s3", name): one(action, _bucket, "bucket") for name, action in OBJECTS},
    ("batch", "SubmitJob"): _submit,
    ("codebuild", "StartBuild"): one(
        "codebuild:StartBuild", _under("codebuild", "project/"), "projectname"
    ),
    ("codebuild", "StartBuildBatch"): one(
        "codebuild:StartBuildBatch", _under("codebuild", "project/"), "projectname"
    ),
    ("codepipeline", "StartPipelineExecution"): one(
        "codepipeline:StartPipelineExecution", _under("codepipeline", ""), "name"
    ),
    ("dynamodb", "BatchWriteItem"): _batch_write,
    ("dynamodb", "DeleteItem"): one("dynamodb:DeleteItem", _table, "tablename"),
    ("dynamodb", "PutItem"): one("dynamodb:PutItem", _table, "tablename"),
    ("dynamodb", "TransactWriteItems"): _transact_write,
    ("dynamodb", "UpdateItem"): one("dynamodb:UpdateItem", _table, "tablename"),
    ("ecs", "RunTask"): one("ecs:RunTask", _under("ecs", "task-definition/"), "taskdefinition"),
    ("ecs", "StartTask"): one("ecs:StartTask", _under("ecs", "task-definition/"), "taskdefinition"),
    ("events", "PutEvents"): _put_events,
    ("events", "PutRawEvents"): one("events:PutRawEvents", _as_given, "eventbusarn"),
    ("firehose", "PutRecord"): one(
        "firehose:PutRecord", _under("firehose", "deliverystream/"), "deliverystreamname"
    ),
    ("firehose", "PutRecordBatch"): one(
        "firehose:PutRecordBatch", _under("firehose", "deliverystream/"), "deliverystreamname"
    ),
    ("glue", "StartCrawler"): one("glue:StartCrawler", _under("glue", "crawler/"), "name"),
    ("glue", "StartJobRun"): one("glue:StartJobRun", _under("glue", "job/"), "jobname"),
    ("glue", "StartWorkflowRun"): one("glue:StartWorkflowRun", _under("glue", "workflow/"), "name"),
    ("kinesis", "PutRecord"): one("kinesis:PutRecord", _under("kinesis", "stream/"), *_stream),
    ("kinesis", "PutRecords"): one("kinesis:PutRecords", _under("kinesis", "stream/"), *_stream),
    ("lambda", "Invoke"): _invoke,
    ("lambda", "InvokeAsync"): _invoke,
    ("lambda", "InvokeWithResponseStream"): _invoke,
    ("logs", "PutLogEvents"): one(
        "logs:PutLogEvents", _under("logs", "log-group:"), "loggroupname"
    ),
    ("sns", "Publish"): _publish,
    ("sns", "PublishBatch"): _publish,
    ("sqs", "SendMessage"): one("sqs:SendMessage", _queue, "queueurl"),
    ("sqs", "SendMessageBatch"): one("sqs:SendMessage", _queue, "queueurl"),
    ("states", "StartExecution"): one("states:StartExecution", _as_given, "statemachinearn"),
    ("states", "StartSyncExecution"): one(
        "states:StartSyncExecution", _as_given, "statemachinearn"
    ),
}
