"""What the four questions found, all of it, by whatever somebody filters."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from topology.reports.wording import headline
from topology.web import lists, questions, readings

PAGE = 50  # findings


@never_cache
@login_required
@require_safe
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    """The findings of the latest reading, grouped by question and filtered by the address."""
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    report = reading.report if reading else {}
    audits = report.get("audits") or {"questions": [], "findings": []}
    wanted = questions.Wanted.of(request.GET.dict())
    if form := lists.form_of(request):
        return lists.file(request, space, form, "findings", list(wanted.among(audits["findings"])))
    page = Paginator(list(wanted.among(audits["findings"])), PAGE).get_page(
        request.GET.get("page", "1")
    )
    words = {each["question"]: each["words"] for each in audits["questions"]}
    context = {
        "workspace": space,
        "headline": headline(
            reading.report if reading else None, is_judged_anew=readings.is_judged_anew(space)
        ),
        "cards": questions.cards(report),
        "wanted": wanted,
        "choices": questions.choices(audits["findings"]),
        "words": words,
        "page": page,
        "groups": [
            (words[name], list(of_question))
            for name, of_question in groupby(page, lambda each: each["question"])
        ],
        "undecided": questions.undecided(report),
        "before": wanted.address(page=str(page.number - 1)),
        "after": wanted.address(page=str(page.number + 1)),
    }
    return render(request, "web/findings.html", context)
