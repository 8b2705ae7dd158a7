"""A list of a page as a file: its own address with ``file=csv`` or ``file=json``."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from accounts.audit_log import record
from accounts.models import Workspace
from topology.graph import canonical_json
from topology.reports.document import legible
from topology.reports.formats.csv_table import cell

FORMS = ("csv", "json")


def form_of(request: HttpRequest) -> str:
    """The form an address asks for, empty for the page itself; 404 for one that is not there."""
    form = request.GET.get("file", "")
    if form and form not in FORMS:
        raise Http404
    return form


def file(
    request: HttpRequest,
    space: Workspace,
    form: str,
    name: str,
    rows: Sequence[Mapping[str, object]],
) -> HttpResponse:
    """All rows, as ``{name: [row, …]}`` or as a table with every column that some row has.

    No cell is taken for a formula, lists in cells are joined, and the audit log keeps who asked.
    """
    told: Sequence[Mapping[str, object]] = legible(list(rows))
    record(space, request.user, "exported", f"{name} as {form}, {len(told)} rows")
    attached = {"Content-Disposition": f'attachment; filename="{name}-{space.slug}.{form}"'}
    if form == "json":
        return JsonResponse({name: told}, headers=attached)
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=attached)
    heads = list(dict.fromkeys(column for row in told for column in row))
    table = csv.writer(answer, quoting=csv.QUOTE_ALL)
    table.writerow(heads or [name])
    table.writerows([cell(_text(row.get(head))) for head in heads] for row in told)
    return answer


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return canonical_json(value)
    return "; ".join(map(_text, value)) if isinstance(value, (list, tuple)) else str(value)
