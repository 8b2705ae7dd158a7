"""Where alerts of a workspace go, and which were told."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may_change, workspace_or_404
from accounts.audit_log import record
from accounts.models import Role
from topology import alerts, runs
from topology.models import Alert, Channel
from topology.web import typed

TOLD = 100  # alerts on the page
LONGEST = 2048  # characters of a field
DIGESTS = {0: "each at once", 60: "once an hour", 1440: "once a day"}


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The channels with what became of their last messages, a form for a new one, the alerts."""
    space = workspace_or_404(request.user, slug)
    kind = request.GET.get("kind", "")
    channels = Channel.objects.filter(workspace=space).select_related("aws_account")
    told = Alert.objects.filter(workspace=space).prefetch_related("deliveries__channel")
    context = {
        "workspace": space,
        "channels": [_told(each) for each in channels.order_by("pk")],
        "kinds": alerts.kinds(),
        "chosen": alerts.kinds().get(kind),
        "digests": DIGESTS,
        "aws_accounts": space.aws_accounts.order_by("name", "account_id"),
        "may_change": may_change(request.user, space),
        "alerts": told.order_by("-created", "-pk")[:TOLD],
    }
    return render(request, "web/alerts.html", context)


@login_required
@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a channel of a ``kind`` with its fields; what was typed is never shown again."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    kind = alerts.kinds().get(request.POST.get("kind", ""))
    if kind is None:
        messages.error(request, "There is no such kind of channel.")
        return redirect("alerts", space.slug)
    fields = {each.name: request.POST.get(each.name, "").strip() for each in kind.fields}
    every = request.POST.get("every", "0")
    if any(len(value) > LONGEST for value in fields.values()) or every not in map(str, DIGESTS):
        raise Http404
    account = typed.number(request.POST.get("aws_account", "")) or 0
    chosen = space.aws_accounts.filter(pk=account).first()
    try:
        channel = runs.add_channel(
            space,
            kind.name,
            fields,
            aws_account=chosen,
            every=int(every),
            findings="findings" in request.POST,
        )
    except alerts.ChannelError as error:
        messages.error(request, str(error))
    else:
        record(space, request.user, "added the alert channel", str(channel))
        messages.success(request, f"{kind.title} is told from now on. Try it with its test button.")
    return redirect("alerts", space.slug)


@login_required
@require_POST
def try_it(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send a test to a channel, and say what came of it."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    channel = get_object_or_404(Channel, workspace=space, pk=pk)
    try:
        runs.try_channel(channel)
    except alerts.ChannelError as error:
        messages.error(request, f"The test did not arrive. {error}")
    else:
        messages.success(request, f"A test was sent to {channel.shown}.")
    return redirect("alerts", space.slug)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Tell a channel nothing any more, and forget its settings."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    channel = get_object_or_404(Channel, workspace=space, pk=pk)
    record(space, request.user, "removed the alert channel", str(channel))
    channel.delete()
    messages.success(request, f"{channel.shown} is told nothing any more.")
    return redirect("alerts", space.slug)


def _told(channel: Channel) -> dict[str, object]:
    """A channel as the page shows it."""
    mine = channel.deliveries.order_by("-pk")
    return {
        "channel": channel,
        "title": alerts.kinds()[channel.kind].title,
        "digest": DIGESTS[channel.every],
        "sent": mine.exclude(sent=None).first(),
        "failing": mine.filter(sent=None).exclude(reason="").first(),
    }
