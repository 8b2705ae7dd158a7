"""Patches of EventBridge: rules, pipes, schedules.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""

from __future__ import annotations

import json

from topology import arn as arns
from topology.analysis.changes import Refilter, SwitchOff
from topology.catalog.service import Item
from topology.graph import Edge, Filter
from topology.reports.patches.in_words import sentence
from topology.reports.patches.table import Resources, says
from topology.reports.patches.tongues import (
    AFTER,
    BEFORE,
    Patch,
    aws,
    block,
    cloudformation,
    edited,
    encoded,
    lines,
    region,
    terraform,
)

# What PutRule takes of what DescribeRule gives: what is left out would be forgotten.
RULE = "{Name, EventBusName, EventPattern, ScheduleExpression, State, Description, RoleArn}"
GIVEN = "with_entries(select(.value != null))"
# What UpdateSchedule does not take of what GetSchedule gives.
OWN = "del(.Arn, .CreationDate, .LastModificationDate)"


@says(SwitchOff, "eb.rule.")
def rule_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A disabled rule starts none of its targets; events it would have heard are gone."""
    others = len(change.edges) - 1
    more = f" It has {others} other target{'' if others == 1 else 's'}, silent with it." * bool(
        others
    )
    on, off = (aws("events", f"{verb}-rule", **_rule(edge)) for verb in ("enable", "disable"))
    return Patch(
        f"{sentence(change, edge, resources)}{more} Events it would have heard meanwhile are gone.",
        off,
        on,
        cloudformation("AWS::Events::Rule", {"State": "DISABLED"}),
        terraform("aws_cloudwatch_event_rule", {"state": "DISABLED"}),
    )


@says(Refilter, "eb.rule.")
def rule_narrowed(change: Refilter, edge: Edge, resources: Resources) -> Patch:
    """The rule is put again with everything it had and another pattern."""
    if change.filter is None:
        return Patch(sentence(change, edge, resources))
    get = aws("events", "describe-rule", **_rule(edge))
    put = aws("events", "put-rule", cli_input_json=f"file://{AFTER}", region=region(edge.source))
    pattern = json.loads(change.filter.document)
    return Patch(
        f"{sentence(change, edge, resources)} PutRule forgets what it is not told, so the rule is "
        "read, kept and edited.",
        edited(
            get,
            f"{RULE} | .EventPattern = $pattern | {GIVEN}",
            put,
            pattern=change.filter.document,
        ),
        lines(f"jq '{RULE} | {GIVEN}' {BEFORE} > {AFTER}", put),
        cloudformation("AWS::Events::Rule", {"EventPattern": pattern}),
        terraform("aws_cloudwatch_event_rule", {"event_pattern": encoded(pattern)}),
    )


@says(SwitchOff, "pipe.")
def pipe_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A stopped pipe polls nothing."""
    pipe = edge.target if edge.kind.startswith("pipe.source.") else edge.source
    name, place = arns.name(pipe), region(pipe)
    return Patch(
        f"{sentence(change, edge, resources)} What it would read stays where it is, as long as "
        "that keeps it.",
        aws("pipes", "stop-pipe", name=name, region=place),
        aws("pipes", "start-pipe", name=name, region=place),
        cloudformation("AWS::Pipes::Pipe", {"DesiredState": "STOPPED"}),
        terraform("aws_pipes_pipe", {"desired_state": "STOPPED"}),
    )


@says(Refilter, "pipe.source.")
def pipe_narrowed(change: Refilter, edge: Edge, resources: Resources) -> Patch:
    """UpdatePipe asks for the role again, and leaves alone what it is not told."""
    name, place = arns.name(edge.target), region(edge.target)
    ask = aws("pipes", "describe-pipe", name=name, query="RoleArn", output="text", region=place)

    def put(criteria: Item) -> str:
        update = aws(
            "pipes",
            "update-pipe",
            name=name,
            source_parameters=json.dumps({"FilterCriteria": criteria}),
            region=place,
        )
        return f'{update} --role-arn "$({ask})"'

    heard = _criteria(change.filter)
    filters = [
        block("filter", {"pattern": encoded(json.loads(each["Pattern"]))})
        for each in heard.get("Filters", ())
    ]
    inner = block("filter_criteria", {}, filters)
    return Patch(
        sentence(change, edge, resources),
        put(heard),
        put(_criteria(edge.filter)),
        cloudformation("AWS::Pipes::Pipe", {"SourceParameters": {"FilterCriteria": heard}}),
        terraform("aws_pipes_pipe", {}, [block("source_parameters", {}, [inner])]),
    )


@says(SwitchOff, "scheduler.")
def schedule_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """UpdateSchedule takes a whole schedule, so it is read, kept and edited."""
    _, _, path = arns.parse(edge.source).resource.partition("/")
    group, _, name = path.rpartition("/")
    place = region(edge.source)
    get = aws("scheduler", "get-schedule", name=name, group_name=group or None, region=place)
    put = aws("scheduler", "update-schedule", cli_input_json=f"file://{AFTER}", region=place)
    return Patch(
        f"{sentence(change, edge, resources)} UpdateSchedule takes a whole schedule, so it is "
        "read, kept and edited.",
        edited(get, f'.State = "DISABLED" | {OWN}', put),
        lines(f"jq '{OWN}' {BEFORE} > {AFTER}", put),
        cloudformation("AWS::Scheduler::Schedule", {"State": "DISABLED"}),
        terraform("aws_scheduler_schedule", {"state": "DISABLED"}),
    )


def _rule(edge: Edge) -> dict[str, str | None]:
    """Which rule makes an edge; one that fires by the clock alone is on the default bus."""
    name = edge.label.partition("/")[0]
    is_clock = edge.kind == "eb.rule.schedule"
    return {
        "name": name,
        "event_bus_name": None if is_clock else edge.source,
        "region": region(edge.source),
    }


def _criteria(heard: Filter | None) -> Item:
    return json.loads(heard.document) if heard is not None else {}
