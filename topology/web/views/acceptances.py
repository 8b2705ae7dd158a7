"""What a workspace decided to live with: by whom, why, until when, and nothing of it hidden."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may_crawl, workspace_or_404
from accounts.models import Role, User
from topology.models import AcceptanceRow
from topology.web import accepting, lists

FILED = ("kind", "what", "title", "owner", "reason", "expires", "made_by", "created")


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, and a form for the thing that the address names."""
    space = workspace_or_404(request.user, slug)
    today = timezone.now().date()
    names = {name: request.GET.get(name, "") for name in accepting.NAMES}
    chosen = accepting.thing(space, names) if names["kind"] else None
    if names["kind"] and chosen is None:
        raise Http404
    rows = AcceptanceRow.objects.filter(workspace=space).order_by("expires", "pk")
    if form := lists.form_of(request):
        return lists.file(request, space, form, "accepted", list(rows.values(*FILED)))
    context = {
        "workspace": space,
        "rows": rows,
        "today": today,
        "names": {name: value for name, value in names.items() if value},
        "chosen": chosen,
        "usual": (today + accepting.USUAL).isoformat(),
        "latest": (today + accepting.LONGEST).isoformat(),
        "owner": request.user.email or request.user.get_username(),  # type: ignore[union-attr]
        "may_accept": may_crawl(request.user, space),
    }
    return render(request, "web/acceptances.html", context)


@login_required
@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept what the form names, with ``owner``, ``reason`` and ``expires``."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    form = request.POST.dict()
    if (chosen := accepting.thing(space, form)) is None:
        raise Http404
    owner, reason, until = (form.get(each, "") for each in ("owner", "reason", "expires"))
    try:
        accepting.accept(space, cast(User, request.user), chosen, owner, reason, until)
        messages.success(request, "Accepted. What was read is judged anew.")
    except accepting.RefusedError as error:
        messages.error(request, str(error))
    return redirect("acceptances", space.slug)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept it no longer."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    row = get_object_or_404(AcceptanceRow, workspace=space, pk=pk)
    accepting.withdraw(row, cast(User, request.user))
    messages.success(request, "No longer accepted. What was read is judged anew.")
    return redirect("acceptances", space.slug)
