"""AWS accounts come and go: connected, tried, given evidence to read, and disconnected."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import connecting
from accounts.access import workspace_or_404
from accounts.audit_log import record
from accounts.models import AwsAccount, Role, Workspace
from topology import runs
from topology.catalog import reading_role
from topology.catalog.policy import EVIDENCE
from topology.models import ConnectionTest, Ear

AT_ONCE = 200  # accounts of one form
FORMS = {"yaml": reading_role.cloudformation, "tf": reading_role.terraform}
QUICK_CREATE = "https://console.aws.amazon.com/cloudformation/home#/stacks/quickcreate?"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest, slug: str) -> HttpResponse:
    """Connect accounts by a role in each, many at once, or one by a profile of this server."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    complaints: list[str] = []
    if request.method == "POST":
        connected = []
        for each in _asked(request, space, complaints):
            record(space, request.user, "connected", f"{each} by {each.role_arn or each.profile}")
            connected.append(each)
        if connected and not complaints:
            first = redirect("connection", slug, connected[0].pk)
            return first if len(connected) == 1 else redirect("workspace", slug)
        if connected:
            messages.success(request, f"{len(connected)} connected. See below for the others.")
    context = {
        "workspace": space,
        "complaints": complaints,
        "profiles": settings.AWS_PROFILES,
        "asked": request.POST,
        "role": reading_role.NAME,
    }
    status = 400 if complaints else 200
    return render(request, "web/connect.html", context, status=status)


@never_cache
@login_required
@require_safe
def connection(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How one account is reached: its role's template, the last test, evidence, and the way out."""
    space, account = _account(request, slug, pk)
    context = {
        "workspace": space,
        "account": account,
        "test": ConnectionTest.objects.filter(aws_account=account).first(),
        "evidence": [(kind, kind in account.evidence) for kind in sorted(EVIDENCE)],
        "ears": Ear.objects.filter(aws_account=account).order_by("region"),
        "principal": settings.TRUSTED_PRINCIPAL,
        "role": account.role_arn.rpartition("/")[2],
        "quick_create": _quick_create(account) if settings.TEMPLATE_URL else "",
    }
    return render(request, "web/connection.html", context)


@never_cache
@login_required
@require_safe
def role_template(request: HttpRequest, slug: str, pk: int, form: str) -> HttpResponse:
    """The role to read the account by, as a file of CloudFormation or Terraform."""
    _, account = _account(request, slug, pk)
    if form not in FORMS:
        return HttpResponse("Templates come as yaml or tf.", status=404, content_type="text/plain")
    return HttpResponse(
        FORMS[form](account.evidence, account.partition),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="loopscope-role.{form}"'},
    )


@login_required
@require_POST
def test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have a worker try the connection."""
    space, account = _account(request, slug, pk)
    runs.ask_for_test(account)
    record(space, request.user, "asked for a test of", str(account))
    return redirect("connection", slug, pk)


@login_required
@require_POST
def evidence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read these kinds of evidence of the account from now on, and no others."""
    space, account = _account(request, slug, pk)
    account.evidence = [kind for kind in sorted(EVIDENCE) if kind in request.POST.getlist("kind")]
    account.save(update_fields=["evidence"])
    kinds = " and ".join(account.evidence) or "none"
    record(space, request.user, "changed the evidence of", f"{account}: {kinds}")
    messages.success(
        request, "From the next crawl on. Update the role, for it allows what is asked and no more."
    )
    return redirect("connection", slug, pk)


@login_required
@require_POST
def disconnect(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read the account no more; "history" says whether what was read is kept or deleted."""
    space, account = _account(request, slug, pk)
    history = request.POST.get("history")
    if history not in ("keep", "delete"):
        messages.error(request, "Say whether to keep the history. Nothing was changed.")
        return redirect("connection", slug, pk)
    named = str(account)
    runs.disconnect(account, keeps_history=history == "keep")
    record(space, request.user, "disconnected", f"{named} ({history} history)")
    messages.success(request, f"{named} is no longer read. What is left is judged anew.")
    return redirect("workspace", slug)


def _account(request: HttpRequest, slug: str, pk: int) -> tuple[Workspace, AwsAccount]:
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    return space, get_object_or_404(space.aws_accounts, pk=pk, disconnected=None)


def _asked(request: HttpRequest, space: Workspace, complaints: list[str]) -> Iterator[AwsAccount]:
    """Every account of the form that could be connected; a sentence for every other."""
    form = request.POST
    if profile := form.get("profile"):
        try:
            yield connecting.by_profile(space, profile)
        except connecting.RefusedError as error:
            complaints.append(str(error))
        return
    lines = [line.split(None, 1) for line in form.get("accounts", "").splitlines() if line.strip()]
    if not 1 <= len(lines) <= AT_ONCE:
        complaints.append(f"Give one to {AT_ONCE} account numbers, one a line.")
        return
    for number, *name in lines:
        try:
            yield connecting.by_role(
                space,
                number,
                form.get("role", "").strip(),
                name=name[0].strip() if name else "",
                regions=form.get("regions", "").replace(",", " ").split(),
            )
        except connecting.RefusedError as error:
            complaints.append(str(error))


def _quick_create(account: AwsAccount) -> str:
    return QUICK_CREATE + urlencode(
        {
            "templateURL": settings.TEMPLATE_URL,
            "stackName": "loopscope",
            "param_ExternalId": account.external_id,
            "param_TrustedPrincipal": settings.TRUSTED_PRINCIPAL,
            "param_RoleName": account.role_arn.rpartition("/")[2],
        }
    )
