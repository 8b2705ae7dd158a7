"""The incident sheet of a loop: what to open, what watches it, what does not, and whose it is."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from tests.audits.cases import ALARMS, alarm, gap, ledger
from tests.reports.test_report import covered, world_with_loop
from tests.world import ACCOUNT, REGION, World, allow
from topology.analysis import analyse
from topology.catalog.metrics import OWNERS
from topology.evidence.metrics import MAXIMA, SUMS
from topology.graph import Edge, Gap, Meaning, Resource
from topology.reports import json_report
from topology.reports.document import Document
from topology.reports.formats import formats
from topology.reports.function_incidents import MOST as SHEETS
from topology.reports.function_incidents import function_incident
from topology.reports.incident import MORE, MOST, measures
from topology.reports.incident_sheet import Sheet, function_sheet, sheet
from topology.reports.masking import masked
from topology.reports.report import build
from topology.runs.asking import asked

BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/orders"
RULE = Edge(BUS, "x", Meaning.TRIGGERS, "eb.rule.lambda", label="paid/target-1")
KINDS: Mapping[str, tuple[str, str, str, set[str]]] = {
    "lambda.function": (
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:work",
        "AWS/Lambda",
        "work",
        {"Errors", "Throttles", "RecursiveInvocationsDropped", "Duration", "AsyncEventsDropped"},
    ),
    "sqs.queue": (
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs",
        "AWS/SQS",
        "jobs",
        {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    ),
    "sns.topic": (
        f"arn:aws:sns:{REGION}:{ACCOUNT}:news",
        "AWS/SNS",
        "news",
        {"NumberOfMessagesPublished", "NumberOfNotificationsFailed"},
    ),
    "events.bus": (BUS, "AWS/Events", "orders", {"TriggeredRules", "FailedInvocations"}),
    "s3.bucket": ("arn:aws:s3:::files", "AWS/S3", "files", {"PutRequests"}),
    "logs.loggroup": (
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/work",
        "AWS/Logs",
        "/aws/lambda/work",
        {"IncomingLogEvents"},
    ),
    "states.stateMachine": (
        f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:pay",
        "AWS/States",
        f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:pay",
        {"ExecutionsStarted", "ExecutionsFailed"},
    ),
    "pipes.pipe": (
        f"arn:aws:pipes:{REGION}:{ACCOUNT}:pipe/through",
        "AWS/EventBridge/Pipes",
        "through",
        {"Invocations", "ExecutionFailed"},
    ),
    "firehose.stream": (
        f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/lake",
        "AWS/Firehose",
        "lake",
        {"IncomingRecords"},
    ),
}


def document(world: World, *gaps: Gap, are_asked: bool = True) -> Document:
    analysis = analyse(world.graph())
    coverage = covered(reads=ledger(), gaps=gaps)
    questions = asked(analysis, coverage.reads, coverage.gaps) if are_asked else ()
    told = json_report.to_json(build(analysis, coverage, audits=questions))
    jsonschema.validate(told, json_report.schema())
    return told


def work(world: World) -> str:
    """The function of the loop."""
    found = [each.arn for each in world.resources if each.kind == "lambda.function"]
    return found[0]


def first(told: Document) -> Sheet:
    found = sheet(told["loops"][0], told)
    assert found is not None
    return found


def tagged(world: World, kind: str, **tags: str) -> World:
    """The world with tags on everything of a kind."""
    world.resources = [
        replace(each, attributes={**each.attributes, "tags": tags}) if each.kind == kind else each
        for each in world.resources
    ]
    return world


@pytest.mark.parametrize(("kind", "expected"), KINDS.items(), ids=list(KINDS))
def test_it_names_the_metrics_of_a_kind_by_the_resource_they_are_of(
    kind: str, expected: tuple[str, str, str, set[str]]
) -> None:
    arn, namespace, value, named = expected
    name = arn.rpartition(":")[2].rpartition("/")[2]
    found = measures(Resource(arn, kind, ACCOUNT, REGION, name), [RULE])
    assert named <= {each.metric for each in found}
    for each in found:
        assert each.namespace == namespace
        assert value in dict(each.dimensions).values()
    if kind == "events.bus":
        assert {dict(each.dimensions)["RuleName"] for each in found} == {"paid"}


def test_every_table_names_namespaces_and_dimensions_as_alarms_do_and_no_metric_twice() -> None:
    tables = {**{kind: row[:2] for kind, row in SUMS.items()}}
    for kind, (namespace, dimension, named) in MORE.items():
        assert tables.setdefault(kind, (namespace, dimension)) == (namespace, dimension)
        measured = {*(SUMS[kind][2] if kind in SUMS else ()), *MAXIMA.get(kind, ())}
        assert measured.isdisjoint(name for name, _ in named)
    assert {pair for pair in tables.values() if pair not in OWNERS} == {("AWS/S3", "BucketName")}


def test_a_loop_that_something_stops_has_no_sheet() -> None:
    told = document(world_with_loop())
    by_verdict = {loop["verdict"]: loop["incident"] for loop in told["loops"]}
    assert by_verdict["blocked"] is None
    assert all(found for verdict, found in by_verdict.items() if verdict != "blocked")


def test_its_command_asks_for_every_metric_it_names_and_is_one_a_shell_can_read() -> None:
    told = document(world_with_loop())
    ((place, command),) = first(told).commands
    assert place == f"account {ACCOUNT}, {REGION}"
    words = shlex.split(command)
    asked_for = json.loads(words[words.index("--metric-data-queries") + 1])
    named = [
        (row["namespace"], metric, statistic)
        for row in told["loops"][0]["incident"]["metrics"]
        for metric, statistic in sorted(row["statistics"].items())
    ]
    stats = [each["MetricStat"] for each in asked_for]
    assert named == [
        (each["Metric"]["Namespace"], each["Metric"]["MetricName"], each["Stat"]) for each in stats
    ]
    assert words[words.index("--region") + 1] == REGION
    assert command.endswith('--start-time "$(($(date +%s) - 10800))" --end-time "$(date +%s)"')


def test_its_queries_go_over_log_groups_that_were_read_and_over_no_other() -> None:
    world = world_with_loop()
    function = work(world)
    assert (first(document(world)).log_groups, first(document(world)).queries) == ([], [])
    assert any("nothing says which one it is" in each for each in first(document(world)).notes)
    world.logs_of(function)
    told = document(world)
    assert first(told).log_groups == [f"/aws/lambda/work ({ACCOUNT}, {REGION})"]
    assert {what for what, _ in first(told).queries} >= {"errors"}
    absent = replace(world.resources[-1], kind="outside")
    world.resources[-1] = absent
    assert first(document(world)).queries == []
    refused = first(document(world, gap("logs.describe_log_groups")))
    assert any("`logs.describe_log_groups` failed with" in each for each in refused.notes)


def test_it_tells_alarms_that_exist_from_those_that_are_missing_with_the_command_for_them() -> None:
    world = world_with_loop()
    function = work(world)
    watching = alarm(world, "work-fails")
    world.edge(function, watching, Meaning.FORWARDS, "cw.metric", "Errors")
    world.edge(watching, world.topic("ops"), Meaning.FORWARDS, "cw.alarm", "ALARM")
    found = first(document(world))
    assert found.alarms == ["work-fails watches Errors of work and tells ops."]
    said = " ".join(missing for missing, _ in found.missing)
    assert "No alarm watches Throttles of work" in said
    assert "No alarm watches RecursiveInvocationsDropped of work" in said
    assert "watches Errors" not in said
    assert all("aws cloudwatch put-metric-alarm" in command for _, command in found.missing)


@pytest.mark.parametrize(
    ("gaps", "are_asked", "because"),
    [
        ((gap(ALARMS),), True, "failed with AccessDenied"),
        ((), False, "the four questions were not asked"),
    ],
)
def test_an_empty_list_of_missing_alarms_is_no_all_clear(
    gaps: tuple[Gap, ...], are_asked: bool, because: str
) -> None:
    found = first(document(world_with_loop(), *gaps, are_asked=are_asked))
    assert found.missing == []
    assert any("may watch" in each and because in each for each in found.notes)


def test_it_names_owners_by_tags_in_any_case_and_says_where_nobody_is_named() -> None:
    assert first(document(world_with_loop())).owners == "Nobody is named by a tag."
    service = tagged(world_with_loop(), "sqs.queue", Service="shop", stack="prod", colour="red")
    assert first(document(service)).owners == (
        "Nobody is named by a tag. service shop (jobs); stack prod (jobs)."
    )
    both = tagged(tagged(world_with_loop(), "sqs.queue", TEAM="pay"), "lambda.function", team="pay")
    names = first(document(both)).owners
    assert names.startswith("team pay (")
    assert "work" in names
    assert "jobs" in names
    assert "Nobody" not in names


def test_tags_that_were_refused_are_not_taken_for_none() -> None:
    refused = gap("resourcegroupstaggingapi.get_resources")
    assert any("Tags of" in each for each in first(document(world_with_loop(), refused)).notes)


def test_long_lists_are_cut_and_the_remainder_is_said() -> None:
    world = world_with_loop()
    function = work(world)
    for number in range(MOST + 3):
        told = alarm(world, f"alarm-{number:02}")
        world.edge(function, told, Meaning.FORWARDS, "cw.metric", "Errors")
    found = first(document(world))
    assert len(found.alarms) == MOST
    assert "3 more alarms are left out." in found.notes


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_it_stands_in_every_report_that_people_read(name: str) -> None:
    text = formats()[name].written(document(world_with_loop())).decode()
    assert "Incident sheet" in text
    assert "Nobody is named by a tag." in text
    assert "RecursiveInvocationsDropped" in text


def test_a_document_from_before_there_were_sheets_is_still_read() -> None:
    told: Any = document(world_with_loop())
    del told["loops"][0]["incident"]
    assert sheet(told["loops"][0], told) is None
    assert formats()["html"].written(told)


def test_masks_hide_names_and_leave_the_words_of_aws_and_of_the_contract() -> None:
    world = World()
    queue = world.queue("alarms")
    function = world.function("Errors", allow("sqs:SendMessage", queue), names=[queue])
    world.listen(queue, function)
    world.logs_of(function)
    world.edge(function, alarm(world, "canary"), Meaning.FORWARDS, "cw.metric", "Throttles")
    world = tagged(world, "lambda.function", owner="zanzibar")
    hidden = masked(document(world), b"a server's secret")
    jsonschema.validate(hidden, json_report.schema())
    told = hidden["loops"][0]["incident"]
    assert "canary" not in json.dumps(told)
    assert "zanzibar" not in json.dumps(told)
    rows = {row["namespace"]: row for row in told["metrics"]}
    assert rows["AWS/Lambda"]["statistics"]["Errors"] == "Sum"
    assert rows["AWS/Lambda"]["dimensions"]["FunctionName"].startswith("name-")
    (group,) = told["log_groups"]
    assert group["name"] == f"/aws/lambda/{rows['AWS/Lambda']['dimensions']['FunctionName']}"
    assert all(command for _, command in first(hidden).missing), "ids of findings still agree"


def functions(told: Document) -> list[Sheet]:
    return [function_sheet(each, told) for each in told["functions"]["sheets"]]


def test_a_function_that_something_was_found_about_has_a_sheet_of_its_own() -> None:
    world = world_with_loop()
    world.logs_of(work(world))
    world.edge(work(world), alarm(world, "too many"), Meaning.FORWARDS, "cw.metric", "Errors")
    told = document(tagged(world, "lambda.function", Team="orders"))
    row = next(each for each in told["functions"]["sheets"] if each["subject"] == work(world))
    found = function_sheet(row, told)
    assert {name for name, _, _ in found.metrics} == {row["name"]}
    assert found.queries == first(told).queries
    assert found.alarms == [
        f"too many watches Errors of {row['name']} and tells nobody that was read."
    ]
    assert "orders" in found.owners
    assert "reserved concurrency of 0" in row["press_first"]["patch"]["words"]
    assert "put-function-concurrency" in row["press_first"]["patch"]["cli"]
    assert row["press_first"]["stops_too"] >= 1


def test_the_page_of_a_function_works_out_the_same_sheet_as_the_report() -> None:
    world = world_with_loop()
    told = document(world)
    analysis = analyse(world.graph())
    for row in told["functions"]["sheets"]:
        function = analysis.graph.resources[row["subject"]]
        writes = analysis.writes
        assert function_incident(function, analysis.graph, writes, ledger(), told) == row


def test_a_report_holds_the_gravest_sheets_and_counts_the_rest() -> None:
    world = World()
    for number in range(SHEETS + 3):
        name = f"work-{number:02}"
        world.edge(
            world.queue(f"jobs-{number:02}"), world.function(name), Meaning.TRIGGERS, "esm.sqs"
        )
    told = document(world)
    assert (len(told["functions"]["sheets"]), told["functions"]["more"]) == (SHEETS, 3)
    assert document(world, are_asked=False)["functions"] == {"sheets": [], "more": 0}


def test_a_masked_report_names_no_function_on_its_sheet() -> None:
    world = world_with_loop()
    told = document(world)
    name = told["functions"]["sheets"][0]["name"]
    hidden = masked(told, b"k" * 32, ())
    assert name not in json.dumps(hidden["functions"])
    assert functions(hidden)
