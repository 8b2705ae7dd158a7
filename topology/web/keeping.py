"""Scenarios: supposed changes kept under a name, as a page or a program says so."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts.audit_log import record
from accounts.models import User, Workspace
from topology import runs
from topology.analysis.edits import EditError
from topology.models import Scenario
from topology.reports.svg import printable
from topology.web import readings

LONGEST = 100  # characters of a name
MOST = 200  # scenarios of a workspace
TAKEN = "Another scenario has that name."


class RefusedError(Exception):
    """What is not kept; says why in a sentence."""


def keep(space: Workspace, by: User, name: str, texts: Sequence[str]) -> Scenario:
    """Keep edits of the latest reading under a name; ``RefusedError``."""
    name, reading = _name(name), readings.latest(space)
    if not name or not texts or reading is None:
        raise RefusedError("A scenario has a name and at least one change.")
    if space.scenarios.count() >= MOST:
        raise RefusedError(f"A workspace keeps {MOST} scenarios at most: delete one first.")
    try:
        found = runs.supposed(space, reading.moment, reading.report, texts)
    except EditError as error:
        raise RefusedError(str(error)) from error
    edits = [
        {"text": each.text, "words": each.patch.words if each.patch else each.misfit}
        for each in found.told
    ]
    try:
        with transaction.atomic():
            made = Scenario.objects.create(
                workspace=space, name=name, edits=edits, moment=reading.moment, author=by
            )
            record(space, by, "kept the scenario", name)
    except IntegrityError as error:
        raise RefusedError(TAKEN) from error
    return made


def rename(scenario: Scenario, by: User, name: str) -> None:
    """Call it something else; ``RefusedError``."""
    before, scenario.name = scenario.name, _name(name)
    if not scenario.name:
        raise RefusedError("A scenario has a name.")
    try:
        with transaction.atomic():
            scenario.save(update_fields=["name"])
            record(scenario.workspace, by, "renamed the scenario", f"{before} to {scenario.name}")
    except IntegrityError as error:
        raise RefusedError(TAKEN) from error


def delete(scenario: Scenario, by: User) -> None:
    """Keep it no longer."""
    with transaction.atomic():
        scenario.delete()
        record(scenario.workspace, by, "deleted the scenario", scenario.name)


def _name(text: str) -> str:
    return printable(text).strip()[:LONGEST]
