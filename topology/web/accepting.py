"""Living with something, as a page or a program says so: a thing of the latest reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.audit_log import record
from accounts.models import User, Workspace
from topology import runs
from topology.models import AcceptanceRow
from topology.reports.acceptance import Acceptance
from topology.verdict import HARMLESS
from topology.web import readings

LONGEST = timedelta(days=366)
USUAL = timedelta(days=90)
NAMES = ("kind", "fingerprint", "call", "region", "resource")
Thing = tuple[dict[str, Any], str]  # what names it for good, and its title


class RefusedError(Exception):
    """What makes no acceptance; says why in a sentence."""


def thing(space: Workspace, names: Mapping[str, str]) -> Thing | None:
    """A loop, finding or gap of the latest reading, or None: ``names`` are some of ``NAMES``."""
    reading = readings.latest(space)
    found = _KINDS.get(names.get("kind", ""))
    return found(reading.report, names) if reading and found else None


def accept(
    space: Workspace, by: User, chosen: Thing, owner: str, reason: str, until: str
) -> AcceptanceRow:
    """Accept a thing until a day (``2027-01-31``); ``RefusedError``."""
    names, title = chosen
    owner, reason, expires = owner.strip(), reason.strip(), _day(until)
    if not owner or not reason or expires is None:
        raise RefusedError(
            "Accepting takes an owner, a reason, and a last day within a year from now."
        )
    acceptance = Acceptance(owner=owner[:200], reason=reason[:2000], expires=expires, **names)
    row = runs.accept(space, acceptance, title, by.get_username())
    record(space, by, f"accepted until {expires}", f"{acceptance.kind}: {title}")
    return row


def withdraw(row: AcceptanceRow, by: User) -> None:
    """Accept it no longer."""
    record(row.workspace, by, "no longer accepts", f"{row.kind}: {row.title}")
    runs.withdraw(row)


def _loop(report: Mapping[str, Any], names: Mapping[str, str]) -> Thing | None:
    for each in report["loops"]:
        if each["fingerprint"] == names.get("fingerprint") and each["verdict"] not in HARMLESS:
            known = {"fingerprint": each["fingerprint"], "verdict": each["verdict"]}
            return {"kind": "loop", **known}, str(each["title"])
    return None


def _finding(report: Mapping[str, Any], names: Mapping[str, str]) -> Thing | None:
    for each in report.get("audits", {}).get("findings", []):
        if each["fingerprint"] == names.get("fingerprint"):
            title = f"{each['title']}: {each['subject_name']}"
            return {"kind": "finding", "fingerprint": each["fingerprint"]}, title
    return None


def _gap(report: Mapping[str, Any], names: Mapping[str, str]) -> Thing | None:
    """The first gap that has every name that is given; a gap of no call cannot be accepted."""
    wanted = {name: names.get(name, "") for name in ("call", "region", "resource")}
    for each in report["scope"]["gaps"]:
        if each["call"] and all(not text or each[name] == text for name, text in wanted.items()):
            place = " ".join(filter(None, (each["call"], wanted["region"], wanted["resource"])))
            optional = {name: wanted[name] or None for name in ("region", "resource")}
            return {"kind": "gap", "call": each["call"], **optional}, place
    return None


_KINDS = {"loop": _loop, "finding": _finding, "gap": _gap}


def _day(text: str) -> date | None:
    """A day from today to a year ahead."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    today = timezone.now().date()
    return day if today <= day <= today + LONGEST else None
