"""Amazon States Language: the tasks of a state machine's definition, in whatever it is nested.

Source: https://states-language.net/spec.html and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 1024 * 1024  # what AWS takes as one definition
DEEPEST = 50  # branches and maps within each other
PLAIN = ("Pass", "Choice", "Wait", "Succeed", "Fail")  # states that call nothing


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a definition. ``path`` are the names of the states that lead to it.

    ``parameters`` are None where all of them are made of data. ``role`` is the role that the
    task acts under instead of the machine's: "" for the machine's own, None where only the run
    knows.
    """

    path: tuple[str, ...]
    resource: str
    parameters: Mapping[str, Any] | None
    role: str | None = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class Definition:
    """The tasks of a definition, and in ``faults`` which parts of it are not understood."""

    tasks: tuple[Task, ...]
    faults: tuple[str, ...]


def parse(document: str) -> Definition:
    """Every task of a definition. What cannot be read of it is a fault, never an exception."""
    if len(document) > LONGEST:
        return Definition((), (f"the definition is longer than {LONGEST} characters",))
    try:
        machine = json.loads(document)
    except (ValueError, RecursionError) as error:
        return Definition((), (f"the definition is not JSON: {error}",))
    walk = _Walk()
    tasks = tuple(walk.tasks(machine, ()))
    return Definition(tasks, tuple(walk.faults))


class _Walk:
    def __init__(self) -> None:
        self.faults: list[str] = []

    def tasks(self, machine: object, path: tuple[str, ...]) -> Iterator[Task]:
        """The tasks of a machine, or of a branch, which is a machine too."""
        states = machine.get("States") if isinstance(machine, Mapping) else None
        if not isinstance(states, Mapping):
            self._fault(path, "has no States")
        elif len(path) > DEEPEST:
            self._fault(path, f"is nested deeper than {DEEPEST} states")
        else:
            for name, state in states.items():
                yield from self._state(state, (*path, name))

    def _state(self, state: object, path: tuple[str, ...]) -> Iterator[Task]:
        if not isinstance(state, Mapping):
            self._fault(path, "is no state")
            return
        kind = state.get("Type")
        if kind == "Task":
            yield from self._task(state, path)
        elif kind == "Parallel":
            branches = state.get("Branches")
            if not isinstance(branches, list):
                self._fault(path, "has no Branches")
                return
            for branch in branches:
                yield from self.tasks(branch, path)
        elif kind == "Map":
            yield from self.tasks(state.get("ItemProcessor", state.get("Iterator")), path)
            writer = state.get("ResultWriter")
            if isinstance(writer, Mapping) and "Resource" in writer:
                yield from self._task(writer, (*path, "ResultWriter"))
        elif kind not in PLAIN:
            self._fault(path, "is of a Type that is not known")

    def _task(self, state: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Task]:
        resource = state.get("Resource")
        if not isinstance(resource, str):
            self._fault(path, "has no Resource")
            return
        given = state.get("Arguments", state.get("Parameters"))
        parameters = given if isinstance(given, Mapping) else None
        yield Task(path, resource, parameters, _role(state.get("Credentials", {})))

    def _fault(self, path: tuple[str, ...], what: str) -> None:
        self.faults.append(f"{' / '.join(path) or 'the definition'} {what}")


def _role(credentials: object) -> str | None:
    """The role in ``Credentials``; what is not written as an ARN is made at run time."""
    if not isinstance(credentials, Mapping):
        return None
    if not credentials:
        return ""
    role = credentials.get("RoleArn")
    return role if isinstance(role, str) and role.startswith("arn:") else None
