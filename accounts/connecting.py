"""How AWS accounts come to a workspace, and leave it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction

from accounts import row_security
from accounts.models import AwsAccount, Workspace

is_role_name = RegexValidator(r"^[\w+=,.@/-]{1,512}\Z", "That is no name of an IAM role.")
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


class RefusedError(Exception):
    """An account that cannot be connected; says why in a sentence."""


def by_role(
    workspace: Workspace,
    account_id: str,
    role: str,
    *,
    name: str = "",
    partition: str = "aws",
    regions: Sequence[str] = (),
) -> AwsAccount:
    """Connect an account by a role in it, with an external id of its own that we make.

    One that was disconnected comes back with its history, and with a new id. Raises
    ``RefusedError`` for what is no account or role, and for an account that is connected already.
    """
    account = AwsAccount(
        workspace=workspace,
        account_id=account_id,
        partition=partition,
        name=name,
        role_arn=f"arn:{partition}:iam::{account_id}:role/{role}",
        external_id=secrets.token_urlsafe(24),
        regions=list(regions),
    )
    try:
        is_role_name(role)
        account.clean_fields(exclude=["workspace"])
    except ValidationError as error:
        raise RefusedError(f"{account_id or 'An empty line'}: {error.messages[0]}") from None
    if not account_id or partition not in PARTITIONS:
        raise RefusedError("Every account has a number of twelve digits and a known partition.")
    with transaction.atomic():
        # The workspace's row is the lock: two who connect one account do it one after another.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        refuse_elsewhere(account)
        before = workspace.aws_accounts.filter(account_id=account_id).first()
        if before and before.disconnected is None:
            raise RefusedError(f"Account {account_id} is connected already.")
        if before:
            account.pk, account.evidence = before.pk, before.evidence
        account.save()
    return account


def by_profile(workspace: Workspace, profile: str, *, name: str = "") -> AwsAccount:
    """Connect whatever account a profile of this server leads to; only those in the settings.

    Raises ``RefusedError`` for another profile, and for one that is connected already.
    """
    if profile not in settings.AWS_PROFILES:
        raise RefusedError("That profile is not one of LOOPSCOPE_PROFILES of this server.")
    found, is_new = AwsAccount.objects.get_or_create(
        workspace=workspace, profile=profile, disconnected=None, defaults={"name": name or profile}
    )
    if not is_new:
        raise RefusedError(f"The profile {profile} is connected already, as {found}.")
    return found


def refuse_elsewhere(account: AwsAccount) -> None:
    """Raise ``RefusedError`` where another workspace has the account: nobody reads it twice."""
    others = AwsAccount.objects.filter(
        account_id=account.account_id, partition=account.partition, disconnected=None
    ).exclude(workspace=account.workspace_id)
    with row_security.across():
        is_taken = bool(account.account_id) and others.exists()
    if is_taken:
        raise RefusedError(f"Account {account.account_id} belongs to another workspace.")
