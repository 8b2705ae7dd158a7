"""Every patch parses in every tongue, and its commands do what its words say, and no more."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from tests.analysis.loop_classes import cases
from tests.reports.patches.command_line import CommandLine
from tests.world import World, allow, criteria, pattern, policy
from topology.analysis import analyse
from topology.analysis.changes import (
    Change,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    Separate,
    SwitchOff,
)
from topology.analysis.cuts import remedies
from topology.graph import Edge, Filter, Meaning
from topology.reports.patches import Patch, patch
from topology.reports.patches.tongues import Expression, aws, hcl

WORK = "arn:aws:lambda:eu-west-1:111122223333:function:work"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/shop"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:orders"
BUCKET = "arn:aws:s3:::uploads"
PIPE = "arn:aws:pipes:eu-west-1:111122223333:pipe/refill"
SCHEDULE = "arn:aws:scheduler:eu-west-1:111122223333:schedule/night/next"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/work"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
IOT = "arn:aws:iot:eu-west-1:111122223333:topic"
ROLE = "arn:aws:iam::111122223333:role/service/work"
HOSTILE = 'it\'s; $(reboot) `x` ${name} %{if} "q" \\ \n--end'

SQS = criteria("lambda.criteria.sqs", {"body": {"kind": ["new"]}})
PIPES = criteria("pipes.criteria.sqs", {"body": {"kind": ["new"]}})
IN = Filter(
    "s3.notification",
    '{"Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":'
    '[{"Name":"prefix","Value":"in/"}]}}}',
)
FORBID = Forbid((ROLE,), ("s3:PutObject",), (f"{BUCKET}/in/*",))


def edge(source: str, target: str, kind: str, label: str = "", **more: Any) -> Edge:
    heard = more.pop("heard", None)
    return Edge(source, target, Meaning.TRIGGERS, kind, label=label, filter=heard, attributes=more)


MAPPING = edge(QUEUE, WORK, "esm.sqs.lambda", "jobs to work", uuid="1-2-3")
NOTIFICATION = edge(BUCKET, WORK, "s3.notif.lambda", "on-upload", heard=IN)
RULE = edge(BUS, WORK, "eb.rule.lambda", "placed/1", heard=pattern({"source": ["shop"]}))
SUBSCRIPTION = edge(TOPIC, WORK, "sns.sub.lambda", "work", subscription=f"{TOPIC}:1-2")
POLLED = edge(QUEUE, PIPE, "pipe.source.sqs", "refill")
CLOCK = edge(SCHEDULE, WORK, "scheduler.templated", "next")
LOGGED = edge(GROUP, WORK, "logs.subscription", "errors")
ACCOUNT_WIDE = edge(GROUP, WORK, "logs.account_subscription", "all")
REDRIVE = edge(QUEUE, f"{QUEUE}-dead", "sqs.redrive")
SUCCESS = edge(WORK, TOPIC, "lambda.async.onsuccess", "live")


def off(about: Edge) -> tuple[Change, Edge]:
    return SwitchOff((about.id,)), about


def heard(about: Edge, document: Filter) -> tuple[Change, Edge]:
    return Refilter((about.id,), document), about


def elsewhere(about: Edge, target: str) -> tuple[Change, Edge]:
    return Retarget(about.id, target), about


ROWS = [
    off(MAPPING),
    heard(MAPPING, SQS),
    off(NOTIFICATION),
    heard(NOTIFICATION, IN),
    off(replace(NOTIFICATION, kind="s3.notif.sqs", target=QUEUE)),
    heard(replace(NOTIFICATION, kind="s3.notif.sns", target=TOPIC), IN),
    off(edge(BUCKET, BUS, "s3.notif.eventbridge")),
    off(edge(BUCKET, f"{BUCKET}-copy", "s3.replication", "all")),
    off(edge(BUCKET, BUCKET, "s3.logging", prefix="logs/")),
    elsewhere(edge(BUCKET, BUCKET, "s3.logging", prefix="logs/"), f"{BUCKET}-apart"),
    off(RULE),
    heard(RULE, pattern({"source": [{"anything-but": ["mail"]}]})),
    off(SUBSCRIPTION),
    heard(SUBSCRIPTION, policy({"store": ["north"]})),
    heard(SUBSCRIPTION, policy({"store": ["north"]}, "body")),
    off(POLLED),
    heard(POLLED, PIPES),
    off(edge(PIPE, QUEUE, "pipe.target.sqs", "refill")),
    off(CLOCK),
    off(LOGGED),
    off(ACCOUNT_WIDE),
    off(edge(IOT, WORK, "iot.rule", "readings")),
    off(edge(TRAIL, BUCKET, "cloudtrail.out")),
    elsewhere(edge(TRAIL, BUCKET, "cloudtrail.out"), f"{BUCKET}-apart"),
    elsewhere(REDRIVE, f"{QUEUE}-apart"),
    off(REDRIVE),
    elsewhere(SUCCESS, f"{TOPIC}-apart"),
    off(SUCCESS),
    elsewhere(edge(WORK, QUEUE, "lambda.dlq"), f"{QUEUE}-apart"),
    off(edge(WORK, QUEUE, "lambda.dlq")),
    elsewhere(edge(WORK, GROUP, "lambda.loggroup"), f"{GROUP}-apart"),
    elsewhere(edge(WORK, QUEUE, "esm.onfailure", "jobs to work", uuid="1"), f"{QUEUE}-apart"),
    (Reserve(WORK, 0), MAPPING),
    (FORBID, edge(WORK, BUCKET, "iam.s3.bucket.put")),
    (replace(FORBID, roles=(ROLE, f"{ROLE}-2")), edge(WORK, BUCKET, "iam.s3.bucket.put")),
    (
        Separate(WORK, ("TARGET",), BUCKET, f"{BUCKET}-apart", FORBID),
        edge(WORK, BUCKET, "iam.s3.bucket.put"),
    ),
    (
        Separate(WORK, ("TARGET",), f"{QUEUE}.fifo", f"{QUEUE}-apart.fifo", FORBID),
        edge(WORK, f"{QUEUE}.fifo", "iam.sqs.queue.send"),
    ),
]
rows = pytest.mark.parametrize(
    ("change", "about"), ROWS, ids=[f"{type(change).__name__} {e.kind}" for change, e in ROWS]
)


def calls(commands: str) -> list[list[str]]:
    """The words of every command; a line that only a shell understands stays a line."""
    lexer = shlex.shlex(commands.replace("\n", " ; "), posix=True, punctuation_chars=";<>")
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    for word in lexer:
        if word == ";":
            found.append([])
        else:
            found[-1].append(word)
    return [each for each in found if each]


@rows
def test_it_says_the_change_in_every_tongue_that_has_words_for_it(change, about):
    found = patch(change, about, {})
    assert found.words.endswith(".")
    assert found.cli
    assert found.undo
    if found.cloudformation:
        template = json.loads(found.cloudformation)
        assert all("Type" in each for each in _resources(template))


def _resources(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [template] if "Type" in template else list(template.values())


@rows
def test_its_commands_are_calls_that_aws_has(change, about):
    found = patch(change, about, {})
    session = botocore.session.get_session()
    for words in calls(found.cli) + calls(found.undo):
        words = words[words.index("aws") :] if "aws" in words else []
        if not words:
            continue
        service = {"s3api": "s3"}.get(words[1], words[1])
        model = session.get_service_model(service)
        names = {re.sub(r"[-_]", "", name.lower()) for name in model.operation_names}
        assert words[2].replace("-", "") in names, words
        operation = next(
            model.operation_model(name)
            for name in model.operation_names
            if name.lower() == words[2].replace("-", "")
        )
        known = {name.lower() for name in operation.input_shape.members}
        for option in (word for word in words[3:] if word.startswith("--")):
            plain = option.partition("=")[0].removeprefix("--").replace("-", "")
            plain = plain.removeprefix("no") if plain == "noenabled" else plain
            assert plain in known | {"region", "cliinputjson", "query", "output"}, words


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform to ask")
@pytest.mark.slow
def test_its_terraform_is_read_by_terraform():
    texts = (patch(change, about, {}).terraform for change, about in ROWS)
    joined = "\n\n".join(filter(None, texts))
    done = subprocess.run(["terraform", "fmt", "-"], input=joined, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@rows
def test_names_of_other_people_are_never_part_of_a_command(change, about):
    hostile = replace(about, label=HOSTILE, attributes={**about.attributes, "uuid": HOSTILE})
    found = patch(change, hostile, {})
    for commands in (found.cli, found.undo):
        bare = re.sub(r"'(?:[^']|'\"'\"')*'", "", commands)
        assert "reboot" not in bare
        assert "$(reboot" not in re.sub(r"'[^']*'", "", commands.replace("'\"'\"'", ""))
    assert not re.search(r"(?<!\$)\$\{name", found.terraform)
    assert not re.search(r"(?<!%)%\{if", found.terraform)
    for text in filter(None, [found.cloudformation]):
        json.loads(text)


@pytest.mark.parametrize("text", [HOSTILE, "${a}", "%{ if }", "a\x00b", "😀", "\u202e", "$${x}"])
def test_a_text_in_hcl_is_that_text(text):
    written = hcl(text)
    assert written.startswith('"')
    assert "\n" not in written
    inner = written[1:-1].replace("$${", "${").replace("%%{", "%{")
    unescaped = re.sub(
        r'\\U([0-9a-f]{8})|\\u([0-9a-f]{4})|\\([nrt"\\])',
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _escape(m[3]),
        inner,
    )
    assert unescaped == text


def _escape(char: str) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(char, char)


def test_a_value_in_hcl_keeps_its_shape():
    assert hcl({"a": [1, True, None, Expression("x.y")]}) == '{\n  "a" = [1, true, null, x.y]\n}'


def test_a_value_that_looks_like_an_option_is_joined_to_its_option():
    assert aws("sqs", "create-queue", queue_name="-x") == "aws sqs create-queue --queue-name=-x"


def test_what_nobody_thought_through_is_told_in_words_alone():
    about = edge(TRAIL, BUCKET, "glue.trigger")
    found = patch(SwitchOff((about.id,)), about, {})
    assert found == Patch(found.words)
    assert found.words


def test_every_proposal_of_every_class_of_loops_can_be_told():
    for case in cases():
        world = World()
        case.build(world)
        graph = world.graph()
        for remedy in remedies(analyse(graph)).values():
            for cut in remedy.cuts:
                for option in cut.options:
                    assert patch(option.change, option.about, graph.resources).words
            if press := remedy.press_first:
                assert patch(press.change, press.about, graph.resources).words


# What the commands do, run against an ``aws`` that only records.

NOTIFICATIONS: dict[str, Any] = {
    "LambdaFunctionConfigurations": [
        {"Id": "on-upload", "LambdaFunctionArn": WORK, "Events": ["s3:ObjectCreated:*"]},
        {"Id": "other", "LambdaFunctionArn": WORK, "Events": ["s3:ObjectRemoved:*"]},
    ],
    "QueueConfigurations": [{"Id": "q", "QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}],
    "EventBridgeConfiguration": {},
}


def _handed(call: dict[str, Any]) -> Any:
    (only,) = call["files"].values() or [None]
    return only


@pytest.fixture
def bucket_line(tmp_path):
    return CommandLine(tmp_path, {"s3api get-bucket-notification-configuration": NOTIFICATIONS})


def test_a_notification_is_taken_out_and_all_others_are_put_back(bucket_line):
    found = patch(*off(NOTIFICATION), {})
    _, put = bucket_line.run(found.cli)
    assert _handed(put) == {
        **NOTIFICATIONS,
        "LambdaFunctionConfigurations": NOTIFICATIONS["LambdaFunctionConfigurations"][1:],
    }
    (undone,) = bucket_line.run(found.undo)
    assert _handed(undone) == NOTIFICATIONS


def test_a_notification_is_narrowed_and_all_others_stay(bucket_line):
    _, put = bucket_line.run(patch(*heard(NOTIFICATION, IN), {}).cli)
    after = _handed(put)
    assert after["LambdaFunctionConfigurations"][0]["Filter"] == json.loads(IN.document)["Filter"]
    assert (
        after["LambdaFunctionConfigurations"][1:]
        == (NOTIFICATIONS["LambdaFunctionConfigurations"][1:])
    )
    assert after["QueueConfigurations"] == NOTIFICATIONS["QueueConfigurations"]


def test_a_hostile_id_finds_its_own_notification_and_nothing_else(bucket_line):
    bucket_line.answers = {
        "s3api get-bucket-notification-configuration": {
            "LambdaFunctionConfigurations": [{"Id": HOSTILE}, {"Id": "b"}]
        }
    }
    _, put = bucket_line.run(patch(*off(replace(NOTIFICATION, label=HOSTILE)), {}).cli)
    assert _handed(put) == {"LambdaFunctionConfigurations": [{"Id": "b"}]}


def test_a_bucket_stops_telling_eventbridge(bucket_line):
    _, put = bucket_line.run(patch(*off(edge(BUCKET, BUS, "s3.notif.eventbridge")), {}).cli)
    assert "EventBridgeConfiguration" not in _handed(put)


def test_a_rule_keeps_what_it_had_beside_its_pattern(tmp_path):
    rule = {"Name": "placed", "Arn": "arn", "EventPattern": "{}", "State": "ENABLED"}
    more = {"Description": "of the shop", "EventBusName": "shop", "CreatedBy": "1"}
    narrower = pattern({"source": [{"anything-but": ["mail"]}]})
    line = CommandLine(tmp_path, {"events describe-rule": {**rule, **more}})
    found = patch(*heard(RULE, narrower), {})
    *_, put = line.run(found.cli)
    kept = {
        "Name": "placed",
        "EventBusName": "shop",
        "EventPattern": narrower.document,
        "State": "ENABLED",
        "Description": "of the shop",
    }
    assert _handed(put) == kept
    (undone,) = line.run(found.undo)
    assert _handed(undone) == {**kept, "EventPattern": "{}"}


def test_a_schedule_is_disabled_and_keeps_the_rest(tmp_path):
    known = {"Name": "next", "Arn": "arn", "State": "ENABLED", "CreationDate": "x", "Target": {}}
    line = CommandLine(tmp_path, {"scheduler get-schedule": known})
    found = patch(*off(CLOCK), {})
    get, put = line.run(found.cli)
    assert get["words"][2:] == [
        *("--name", "next", "--group-name", "night", "--region", "eu-west-1")
    ]
    assert _handed(put) == {"Name": "next", "State": "DISABLED", "Target": {}}
    (undone,) = line.run(found.undo)
    assert _handed(undone) == {"Name": "next", "State": "ENABLED", "Target": {}}


def test_a_redrive_policy_keeps_its_attempts(tmp_path):
    stored = json.dumps({"deadLetterTargetArn": f"{QUEUE}-dead", "maxReceiveCount": 5})
    answers = {
        "sqs get-queue-url": "https://sqs/jobs",
        "sqs get-queue-attributes": {"Attributes": {"RedrivePolicy": stored}},
    }
    found = patch(*elsewhere(REDRIVE, f"{QUEUE}-apart"), {})
    line = CommandLine(tmp_path, answers)
    put = line.run(found.cli)[-1]
    policy_after = json.loads(_handed(put)["RedrivePolicy"])
    assert policy_after == {"deadLetterTargetArn": f"{QUEUE}-apart", "maxReceiveCount": 5}
    assert "https://sqs/jobs" in put["words"]
    assert _handed(line.run(found.undo)[-1]) == {"RedrivePolicy": stored}


@pytest.mark.parametrize(
    ("selection", "expected"),
    [(None, ["/aws/lambda/work"]), ('LogGroupName NOT IN ["a"]', ["/aws/lambda/work", "a"])],
)
def test_one_more_log_group_is_left_out_of_an_accounts_subscription(tmp_path, selection, expected):
    known = {"policyName": "all", "policyType": "SUBSCRIPTION_FILTER_POLICY"}
    known |= {"policyDocument": "{}", "accountId": "1"}
    known |= {"selectionCriteria": selection} if selection else {}
    line = CommandLine(tmp_path, {"logs describe-account-policies": {"accountPolicies": [known]}})
    after = _handed(line.run(patch(*off(ACCOUNT_WIDE), {}).cli)[-1])
    assert after["selectionCriteria"] == f"LogGroupName NOT IN {json.dumps(expected)}".replace(
        ", ", ","
    )


def test_a_subscription_filter_is_deleted_and_put_again_as_it_was(tmp_path):
    stored = {"filterName": "errors", "logGroupName": "/aws/lambda/work", "filterPattern": "ERROR"}
    listed = [{"filterName": "errors-too"}, {**stored, "creationTime": 1}]
    line = CommandLine(
        tmp_path, {"logs describe-subscription-filters": {"subscriptionFilters": listed}}
    )
    found = patch(*off(LOGGED), {})
    assert line.run(found.cli)[-1]["words"][1] == "delete-subscription-filter"
    assert _handed(line.run(found.undo)[-1]) == stored


def test_an_environment_keeps_every_other_variable(tmp_path):
    variables = {"TARGET": "https://uploads.s3.amazonaws.com/x", "KEY": "uploads"}
    answers = {"lambda get-function-configuration": {"Environment": {"Variables": variables}}}
    line = CommandLine(tmp_path, answers)
    change = Separate(WORK, ("TARGET",), BUCKET, f"{BUCKET}-apart", FORBID)
    found = patch(change, edge(WORK, BUCKET, "iam.s3.bucket.put"), {})
    made, *_, put = line.run(found.cli)
    assert made["words"][:2] == ["s3api", "create-bucket"]
    assert _handed(put) == {
        "Variables": {"TARGET": "https://uploads-apart.s3.amazonaws.com/x", "KEY": "uploads"}
    }


def test_a_destination_leaves_the_other_one_alone(tmp_path):
    both = {"OnSuccess": {"Destination": TOPIC}, "OnFailure": {"Destination": QUEUE}}
    line = CommandLine(
        tmp_path, {"lambda get-function-event-invoke-config": {"DestinationConfig": both}}
    )
    found = patch(*off(SUCCESS), {})
    assert _handed(line.run(found.cli)[-1]) == {"OnFailure": {"Destination": QUEUE}}
    assert _handed(line.run(found.undo)[-1]) == both


def test_a_filter_policy_is_undone_to_what_it_was(tmp_path):
    was = replace(SUBSCRIPTION, filter=policy({"store": ["north"]}, "body"))
    line = CommandLine(tmp_path)
    found = patch(*off(was), {})
    sent = [
        (w[w.index("--attribute-name") + 1], w[w.index("--attribute-value") + 1])
        for w in (call["words"] for call in line.run(found.cli) + line.run(found.undo))
    ]
    assert [name for name, _ in sent] == ["FilterPolicy", "FilterPolicyScope", "FilterPolicy"] * 2
    assert sent[-2:] == [
        ("FilterPolicyScope", "MessageBody"),
        ("FilterPolicy", '{"store":["north"]}'),
    ]


def test_concurrency_goes_back_to_what_it_was():
    world = World()
    function = world.function("work", allow("sqs:*", "*"), reserved_concurrency=7)
    free = world.function("free", reserved_concurrency=None)
    unread = world.function("unread")
    resources = world.graph().resources
    assert "executions 7" in patch(Reserve(function, 0), MAPPING, resources).undo
    assert patch(Reserve(free, 0), MAPPING, resources).undo.startswith("aws lambda delete-function")
    assert patch(Reserve(unread, 0), MAPPING, resources).cli.startswith("aws lambda get-function")
