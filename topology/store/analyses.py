"""What moments mean: reports, loops and maps as they were kept, and what became of them since."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Workspace
from topology.models import Analysis, LoopSighting, Packed
from topology.reports import recalled
from topology.reports.acceptance import lapsed
from topology.reports.document import legible
from topology.store.loading import Moment
from topology.store.overdue import late

REPORTS = 2  # the latest, and one that it is compared with
SCENES = 3  # moments, the latest, of which the map is kept


@dataclass(frozen=True)
class Said:
    """What an analysis says, by members of the report and by account. Nobody may change it."""

    report: Mapping[str, Any]
    overviews: Mapping[str, Any]

    @cached_property
    def legible(self) -> Said:
        """The same with every text fit for a page, worked out once."""
        return Said(legible(self.report), legible(self.overviews))


class _Looked:
    """What was looked at last, parsed: a page asks for the same report as the one before it.

    An organisation's takes seconds and a few hundred megabytes, so that two requests at once
    parse it once, and only processes that answer requests keep it.
    """

    def __init__(self) -> None:
        self.most = 0
        self._lock = Lock()
        self._known: OrderedDict[tuple[int, datetime], Said] = OrderedDict()

    def at(self, found: Analysis) -> Said:
        """What an analysis says, which never changes once it is kept."""
        if not self.most:
            return _parsed(found)
        key = (found.pk, found.created)
        with self._lock:
            if key not in self._known:
                self._known[key] = _parsed(found)
            self._known.move_to_end(key)
            while len(self._known) > self.most:
                self._known.popitem(last=False)
            return self._known[key]


_LOOKED = _Looked()


def keep_reports(most: int = REPORTS) -> None:
    """In a process that answers requests: keep so many of the reports that were looked at last."""
    _LOOKED.most = most


def latest_analysis(workspace: Workspace, *, legibly: bool = False) -> Analysis | None:
    """The analysis of the latest moment that has one; None if it trusts code as nobody does now.

    Its report says what has become of it since (``analysis_by``).
    """
    found = Analysis.objects.filter(workspace=workspace).select_related("workspace")
    last = found.order_by("moment").last()
    if last is None or last.trusts_code != last.workspace.trusts_code:
        return None
    return _as_of_now(last, legibly)


def analysis_by(workspace: Workspace, moment: int, *, legibly: bool = False) -> Analysis | None:
    """The last analysis up to a moment, with what has become of its report since.

    Nothing that is kept stays clear for ever: a report says which accounts have not been read for
    too long, and what is no longer accepted. ``legibly``: every text is fit for a page.
    """
    found = _kept(workspace, moment)
    return _as_of_now(found, legibly) if found else None


def kept_analysis(workspace: Workspace, moment: int) -> Analysis | None:
    """The last analysis up to a moment, as it was when it was made: for what is history."""
    found = _kept(workspace, moment)
    if found:
        _say(found, _LOOKED.at(found))
    return found


def _kept(workspace: Workspace, moment: int) -> Analysis | None:
    found = Analysis.objects.filter(workspace=workspace, moment__lte=moment)
    return found.order_by("-moment").first()


def _as_of_now(found: Analysis, legibly: bool) -> Analysis:
    said = _LOOKED.at(found)
    since = [*late(found.workspace), *lapsed(said.report, timezone.now().date())]
    if found.trusts_code and not found.workspace.trusts_code:
        since.append("it was judged while code could lower verdicts, which it no longer may here")
    _say(found, said.legible if legibly else said)
    found.report = recalled.with_stale(found.report, legible(since) if legibly else since)
    return found


def _parsed(found: Analysis) -> Said:
    columns = Analysis.objects.filter(pk=found.pk).values_list("report", "overviews")
    return Said(*columns.get())


def _say(found: Analysis, said: Said) -> None:
    found.report, found.overviews = said.report, said.overviews


def save_analysis(
    workspace: Workspace,
    moment: Moment,
    report: Packed,
    loops: Iterable[Mapping[str, Any]],
    overviews: Packed,
) -> None:
    """Keep what a moment means, and which loops it lists; the first of equal analyses stays.

    ``report`` and ``overviews`` are as ``packed`` makes them, and ``loops`` those of the report.
    """
    made = Analysis(
        workspace=workspace,
        moment=moment.moment,
        report=report,
        overviews=overviews,
        trusts_code=moment.trusts_code,
    )
    with transaction.atomic():
        Analysis.objects.bulk_create([made], ignore_conflicts=True)
        LoopSighting.objects.bulk_create(
            (
                LoopSighting(
                    workspace=workspace,
                    moment=moment.moment,
                    fingerprint=each["fingerprint"],
                    verdict=each["verdict"],
                )
                for each in loops
            ),
            ignore_conflicts=True,
        )


def keep_scene(workspace: Workspace, moment: int, basis: str, scene: bytes) -> None:
    """Keep what the map of an analysed moment shows, and no longer that of much earlier ones."""
    mine = Analysis.objects.filter(workspace=workspace)
    mine.filter(moment__lte=moment - SCENES).exclude(scene=None).update(scene=None)
    mine.filter(moment=moment).update(scene=scene, scene_basis=basis)


def kept_scene(workspace: Workspace, moment: int, basis: str) -> bytes | None:
    """What was kept of a moment, if it rests on what it would rest on now."""
    found = Analysis.objects.filter(workspace=workspace, moment=moment, scene_basis=basis)
    scene = found.values_list("scene", flat=True).first()
    return bytes(scene) if scene is not None else None
