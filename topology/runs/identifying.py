"""How an account is reached, and that it is the one that was connected."""

from __future__ import annotations

from accounts import connecting
from accounts.models import AwsAccount
from topology import crawl


class RefusedError(Exception):
    """The credentials are not those of an account that this workspace may read."""


def connection(account: AwsAccount) -> crawl.Connection:
    """The account's connection."""
    return crawl.Connection(account.profile, account.role_arn, account.external_id)


def identified(account: AwsAccount) -> crawl.Identity:
    """Whose credentials these are, noted the first time they are used.

    Raises ``RefusedError`` for those of another account, or of one that another workspace has;
    ``crawl.CrawlError`` where AWS does not say.
    """
    identity = crawl.identify(connection(account))
    if account.account_id and account.account_id != identity.account:
        raise RefusedError(
            f"These credentials belong to account {identity.account}, and account "
            f"{account.account_id} was connected. Check its profile and role."
        )
    if not account.account_id:
        account.account_id, account.partition = identity.account, identity.partition
        _refuse_elsewhere(account)
        AwsAccount.objects.filter(pk=account.pk, account_id="").update(
            account_id=identity.account, partition=identity.partition
        )
    return identity


def must_be_ours_alone(account: AwsAccount) -> None:
    """Refuse a role that answers without its external id, and an account that others have.

    Raises ``RefusedError``, or ``crawl.CrawlError`` where AWS does not say.
    """
    _refuse_elsewhere(account)
    if account.role_arn and account.external_id:
        crawl.must_ask_for_its_external_id(connection(account))


def _refuse_elsewhere(account: AwsAccount) -> None:
    try:
        connecting.refuse_elsewhere(account)
    except connecting.RefusedError as error:
        raise RefusedError(str(error)) from None
