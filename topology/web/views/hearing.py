"""Changes of an account as they happen: the template of a rule and a queue, and where to listen."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import workspace_or_404
from accounts.audit_log import record
from accounts.models import Role
from topology import runs
from topology.catalog import changes, changes_template

FORMS = {"yaml": changes_template.cloudformation, "tf": changes_template.terraform}


@never_cache
@login_required
@require_safe
def template(request: HttpRequest, slug: str, pk: int, form: str) -> HttpResponse:
    """The rule and the queue of a Region, as a file of CloudFormation or Terraform."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    get_object_or_404(space.aws_accounts, pk=pk, disconnected=None)
    if form not in FORMS:
        return HttpResponse("Templates come as yaml or tf.", status=404, content_type="text/plain")
    return HttpResponse(
        FORMS[form](),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="loopscope-changes.{form}"'},
    )


@login_required
@require_POST
def listen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Listen in these ``regions`` from now on and in no others, and ask their queues at once."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    account = get_object_or_404(space.aws_accounts, pk=pk, disconnected=None)
    regions = sorted(set(request.POST.get("regions", "").replace(",", " ").split()))
    if strange := [each for each in regions if not changes.REGION.fullmatch(each)]:
        messages.error(
            request, f"There is no Region called {strange[0][:40]}. Nothing was changed."
        )
        return redirect("connection", slug, pk)
    runs.listen_in(account, regions)
    where = " and ".join(regions) or "nowhere"
    record(space, request.user, "listens to changes of", f"{account}: {where}")
    messages.success(request, f"Changes are listened to in {where}.")
    return redirect("connection", slug, pk)
