"""An account leaves: its rows end with a moment, or are gone altogether."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import AwsAccount, Workspace
from topology.models import (
    Analysis,
    EdgeVersion,
    PartState,
    ResourceVersion,
    Run,
    RunPart,
    RunState,
)

LIVE = (RunState.REQUESTED, RunState.RUNNING)
UNFINISHED = (PartState.WAITING, PartState.RUNNING)


def disconnect(account: AwsAccount, *, keeps_history: bool) -> None:
    """Read an account no more. It is in no moment from now on; with its history, in earlier ones.

    Whatever is under way for it is fenced out. How it was reached is forgotten either way. Without
    its history, every analysis that may tell of it goes too.
    """
    with transaction.atomic():
        workspace = Workspace.objects.filter(pk=account.workspace_id)
        workspace.update(moment=F("moment") + 1)
        moment = workspace.values_list("moment", flat=True).get()
        _end_runs(account)
        if keeps_history:
            for model in (ResourceVersion, EdgeVersion):
                model.objects.filter(aws_account=account, valid_until=None).update(
                    valid_until=moment
                )
            AwsAccount.objects.filter(pk=account.pk).update(
                disconnected=moment, profile="", role_arn="", external_id="", schedule=""
            )
            return
        finished = Run.objects.filter(aws_account=account, moment__gt=0).order_by("moment")
        first = finished.values_list("moment", flat=True).first()
        if first is not None:
            Analysis.objects.filter(workspace=account.workspace_id, moment__gte=first).delete()
        account.delete()


def _end_runs(account: AwsAccount) -> None:
    now, reason = timezone.now(), "the account was disconnected"
    ends = {"fence": F("fence") + 1, "lease_until": None, "finished": now, "reason": reason}
    RunPart.objects.filter(run__aws_account=account, state__in=UNFINISHED).update(
        state=PartState.FAILED, **ends
    )
    Run.objects.filter(aws_account=account, state__in=LIVE).update(state=RunState.FAILED, **ends)
