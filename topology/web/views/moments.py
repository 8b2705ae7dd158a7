"""The readings of a workspace in time, and what one of them changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import store
from topology.web import changes, lists, typed

PAGE = 25  # moments
FILED = 1000  # moments of a file, the newest
EVERYTHING = 1_000_000  # resources or edges


@never_cache
@login_required
@require_safe
def moments(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first, each with what it changed; ``?until=`` pages back."""
    space = workspace_or_404(request.user, slug)
    until = typed.number(request.GET.get("until", ""))
    if form := lists.form_of(request):
        rows = [_filed(space, each) for each in store.points(space, FILED)]
        return lists.file(request, space, form, "readings", rows)
    points = store.points(space, PAGE, until)
    rows = [
        {
            "point": each,
            "counts": store.counts(space, each.moment - 1, each.moment),
            "loops": store.loops_at(space, each.moment),
            "before": each.moment - 1,
        }
        for each in points
    ]
    context = {
        "workspace": space,
        "rows": rows,
        "older": points[-1].moment - 1 if points else 0,
        "is_latest": until is None or until >= space.moment,
    }
    return render(request, "web/moments.html", context)


@never_cache
@login_required
@require_safe
def moment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What differs at one moment from the one before, or from ``?since=``."""
    space = workspace_or_404(request.user, slug)
    since = _since(request, number)
    complaint = _complaint(space, since, number)
    context = {"workspace": space, "number": number, "since": since}
    if complaint or since is None:
        status = 400 if since is None else 404
        return render(request, "web/moment.html", context | {"complaint": complaint}, status=status)
    if form := lists.form_of(request):
        rows = list(_changed(space, since, number))
        return lists.file(request, space, form, f"changes-{since}-{number}", rows)
    when = store.times(space, [since, number])
    context |= {
        "changed": changes.changed(space, since, number),
        "when": when.get(number),
        "when_before": when.get(since),
        **changes.listed(space, since, number),
    }
    return render(request, "web/moment.html", context)


def _filed(space: Workspace, point: store.Point) -> dict[str, object]:
    """A reading as a row of a file."""
    named = zip(
        ("resources", "edges"), store.counts(space, point.moment - 1, point.moment), strict=True
    )
    return {
        "reading": point.moment,
        "when": point.when.isoformat() if point.when else "",
        "account": point.account,
        "failed": point.reason,
        **{f"{name}_{word}": count for name, each in named for word, count in asdict(each).items()},
        "loops": len(store.loops_at(space, point.moment)) if point.is_analysed else None,
    }


def _changed(space: Workspace, since: int, until: int) -> Iterator[dict[str, object]]:
    """All that differs between two moments, as rows of a file: loops, resources, edges."""
    for loop in changes.changed(space, since, until).loops or ():
        verdicts = {"before": loop.change.before, "after": loop.change.after}
        yield {"what": "loop", "change": loop.change.word, "name": loop.title, **verdicts}
    for kind, rows in changes.listed(space, since, until, EVERYTHING).items():
        for each in rows:
            row = {name: value for name, value in each.items() if name not in ("word", "what")}
            yield {"what": kind[:-1], "change": each["word"], **row, "changed": each["what"]}


def _since(request: HttpRequest, number: int) -> int | None:
    """The moment compared with; None where the address names none."""
    said = request.GET.get("since", "")
    return typed.number(said) if said else number - 1


def _complaint(space: Workspace, since: int | None, number: int) -> str:
    if since is None:
        return "“since” is the number of a reading."
    if not 1 <= number <= space.moment:
        return f"This workspace has no reading number {number}."
    if since >= number:
        return "“since” is the number of an earlier reading."
    return ""
