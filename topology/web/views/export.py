"""A report in any format: of a workspace, an account, a loop, or of what changed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from accounts.audit_log import record
from topology import runs
from topology.reports.document import Document, legible
from topology.reports.formats import FormatError, formats
from topology.reports.page import frame
from topology.reports.parts import NotThereError
from topology.web import typed

PRINT = (
    "This server cannot make PDF files. Print this page instead, and choose “Save as PDF” where "
    "your browser asks for a printer."
)


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The file; HTML opens in the browser, and stands in for PDF where that cannot be made."""
    space = workspace_or_404(request.user, slug)
    if (chosen := formats().get(form)) is None:
        raise Http404
    try:
        document = runs.reported(space, _wanted(request))
    except NotThereError as error:
        return HttpResponse(str(error), status=404, content_type="text/plain; charset=utf-8")
    record(space, request.user, "exported", f"{form} {request.GET.urlencode()}".strip())
    if form == "html":
        return _page(document, PRINT if request.GET.get("instead") == "pdf" else "")
    try:
        body = chosen.written(document)
    except FormatError as error:
        if form == "pdf":
            return HttpResponseRedirect(_instead(request, slug))
        return HttpResponse(str(error), status=404, content_type="text/plain; charset=utf-8")
    name = "-".join(filter(None, ("loopscope", slug, request.GET.get("loop", "")[:16])))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{chosen.extension}"'}
    return HttpResponse(body, content_type=chosen.media_type, headers=headers)


def _wanted(request: HttpRequest) -> runs.Wanted:
    query = request.GET
    return runs.Wanted(
        query.get("loop", ""),
        query.get("account", ""),
        _moment(query.get("moment", "")),
        _moment(query.get("against", "")),
        query.get("mask") == "1",
    )


def _moment(text: str) -> int | None:
    if not text:
        return None
    if (found := typed.number(text)) is None:
        raise NotThereError("A reading is named by its number.")
    return found


def _page(document: Document, notice: str) -> HttpResponse:
    """The report itself under a policy of its own: one style sheet, known by its digest."""
    written = frame.page(legible(document), notice)
    headers = {"Content-Security-Policy": frame.policy(written) + "; frame-ancestors 'none'"}
    return HttpResponse(written, content_type="text/html; charset=utf-8", headers=headers)


def _instead(request: HttpRequest, slug: str) -> str:
    query = {**request.GET.dict(), "instead": "pdf"}
    return f"{reverse('export', args=[slug, 'html'])}?{urlencode(query)}"
