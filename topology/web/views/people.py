"""The people of a workspace: who belongs to it, who is invited, and what was done."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import EmailField, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import mailing
from accounts import people as crowd
from accounts.access import may_change, workspace_or_404
from accounts.models import Role, User, Workspace
from topology.web.views.sign_in import ways

DEEDS = 50  # lines of a page of the audit log


class NewPerson(UserCreationForm):  # type: ignore[type-arg] # Django has no generic forms
    """A user name, and a password twice."""

    class Meta:
        model = User
        fields = ["username"]


@never_cache
@login_required
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Members with their roles, and for who administers it: invitations and the audit log."""
    space = workspace_or_404(request.user, slug)
    return render(request, "web/people.html", _context(request, space))


@never_cache
@login_required
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an invitation and mail its link; where it cannot be mailed, show it, this once."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    email = request.POST.get("email", "").strip()
    role = request.POST.get("role", "")
    if complaint := _complaint(email, role):
        context = _context(request, space) | {"complaint": complaint}
        return render(request, "web/people.html", context, status=400)
    token = crowd.invite(space, _me(request), role, email)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    told = {"link": link}
    if email and mailing.is_configured():
        try:
            _mail(space, _me(request), email, role, link)
            told = {"mailed": email}
        except mailing.NotSentError as error:
            told["unsent"] = str(error)
    return render(request, "web/people.html", _context(request, space) | told)


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    crowd.revoke(get_object_or_404(space.invitations, pk=pk), _me(request))
    messages.success(request, "The invitation was revoked. Its link no longer works.")
    return redirect("people", slug)


@login_required
@require_POST
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a member another role ("role"), or end the membership ("remove")."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    member = get_object_or_404(space.memberships.select_related("user"), pk=pk)
    role = request.POST.get("role", "")
    try:
        if "remove" in request.POST:
            crowd.remove(member, _me(request))
            messages.success(request, f"{member.user} no longer belongs to {space.name}.")
        elif role in Role.values:
            crowd.change_role(member, role, _me(request))
            messages.success(request, f"{member.user} is now {role}.")
    except crowd.RefusedError as error:
        messages.error(request, str(error))
    is_still_mine = space.memberships.filter(user=_me(request)).exists()
    return redirect("people", slug) if is_still_mine else redirect("home")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place of an invitation: as who is signed in, or as somebody new."""
    if (found := crowd.invitation(token)) is None:
        return render(request, "web/join_spent.html", status=404)
    form = NewPerson(request.POST or None)
    if request.method == "POST":
        if isinstance(request.user, User):
            crowd.accept(token, request.user)
            return redirect("home")
        if not settings.PASSWORDS:
            raise PermissionDenied
        with transaction.atomic():
            form.instance.email = found.email
            if form.is_valid() and crowd.accept(token, form.save()):
                login(request, form.instance, backend="django.contrib.auth.backends.ModelBackend")
                return redirect("home")
    return render(request, "web/join.html", {"invitation": found, "form": form, "ways": ways()})


def _context(request: HttpRequest, space: Workspace) -> dict[str, object]:
    is_admin = may_change(request.user, space)
    deeds = Paginator(space.deeds.order_by("-pk"), DEEDS)
    open_ = space.invitations.filter(expires__gt=timezone.now()).order_by("pk")
    return {
        "workspace": space,
        "members": space.memberships.select_related("user").order_by("user__username"),
        "roles": Role,
        "may_change": is_admin,
        "invitations": open_ if is_admin else [],
        "deeds": deeds.get_page(request.GET.get("page")) if is_admin else None,
    }


def _mail(space: Workspace, by: User, email: str, role: str, link: str) -> None:
    mailing.send(
        email,
        f"{by} invites you to {space.name} on Loopscope",
        f"{by} invites you to the workspace {space.name} on Loopscope, as {role}.\n\n{link}\n\n"
        f"The link works once, for {crowd.LIFETIME.days} days. If you did not expect this, "
        "leave it: nothing happens until somebody opens it.\n",
    )


def _complaint(email: str, role: str) -> str:
    if role not in Role.values:
        return "Choose what the person may do. Nobody was invited."
    try:
        EmailField(required=False, max_length=254).clean(email)
    except ValidationError:
        return "That is no e-mail address. Nobody was invited."
    return ""


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)  # every caller wants a sign-in first
