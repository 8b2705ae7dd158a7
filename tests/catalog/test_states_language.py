"""Amazon States Language: bounds of what is read of a definition."""

from __future__ import annotations

import json

from topology.catalog import states_language
from topology.catalog.states_language import DEEPEST, LONGEST, Task, parse


def document(state):
    return json.dumps({"StartAt": "Do", "States": {"Do": state}})


def nested(depth):
    state: dict[str, object] = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}
    for _ in range(depth):
        state = {"Type": "Parallel", "Branches": [{"StartAt": "Do", "States": {"Do": state}}]}
    return document(state)


def test_a_definition_is_read_to_a_depth_that_no_person_writes():
    assert len(parse(nested(DEEPEST)).tasks) == 1
    found = parse(nested(DEEPEST + 1))
    assert not found.tasks
    assert found.faults[0].endswith(f"is nested deeper than {DEEPEST} states")


def test_a_definition_that_no_parser_follows_is_a_fault():
    found = parse("[" * 100_000)
    assert not found.tasks
    assert found.faults[0].startswith("the definition is not JSON")


def test_a_definition_longer_than_aws_takes_is_a_fault():
    assert parse(" " * (LONGEST + 1)).faults == (
        f"the definition is longer than {LONGEST} characters",
    )


def test_anything_else_than_an_object_is_a_fault():
    for text in ("[]", "7", '"text"', "null", '{"States": []}'):
        assert parse(text).faults == ("the definition has no States",)


def test_a_task_without_parameters_sends_its_input():
    [task] = parse(document({"Type": "Task", "Resource": "r"})).tasks
    assert task == Task(("Do",), "r", None)


def test_the_role_of_a_task_is_its_own_the_machines_or_not_known():
    role = "arn:aws:iam::111122223333:role/r"
    credentials: list[tuple[object, str | None]] = [
        ({"RoleArn": role}, role),
        ({}, ""),
        ({"RoleArn.$": "$.r"}, None),
    ]
    credentials += [({"RoleArn": "{% $r %}"}, None), ("{% $c %}", None)]
    for given, expected in credentials:
        state = {"Type": "Task", "Resource": "r", "Credentials": given}
        [task] = states_language.parse(document(state)).tasks
        assert task.role == expected
