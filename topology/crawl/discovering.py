"""The accounts of an organisation, from its management account or a delegated administrator.

Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from topology.catalog import organizations
from topology.crawl.errors import FAILURES, CrawlError, code_of, explained, reason_of
from topology.crawl.session import HOME, Connection, Identity, opened


@dataclass(frozen=True, order=True, slots=True)
class Member:
    """An account that is active in its organisation."""

    id: str
    name: str


def members(
    connection: Connection,
    identity: Identity,
    units: Collection[str] = (),
    without: Collection[str] = (),
) -> tuple[Member, ...]:
    """The active accounts below the units (the whole organisation unless some are named), sorted.

    ``without`` are accounts and units left out, with all that is below them. Raises ``CrawlError``
    where the organisation cannot be read: part of a list would be taken for the whole.
    """
    try:
        client = opened(connection).client(organizations.service.client, HOME[identity.partition])
        roots = units or [root["Id"] for root in _paged(client, "list_roots", "Roots")]
        found = {member for root in roots for member in _below(client, root, without)}
    except FAILURES as error:
        known = explained(error, connection.role_arn)
        if known.code != "refused":
            raise known from None
        raise CrawlError(
            "refused",
            f"The organisation cannot be read: {reason_of(error)} ({code_of(error)}). Use "
            "credentials of its management account or of a delegated administrator.",
        ) from None
    return tuple(sorted(found))


def _below(client: Any, parent: str, without: Collection[str]) -> Iterator[Member]:
    if parent in without:
        return
    for account in _paged(client, "list_accounts_for_parent", "Accounts", ParentId=parent):
        if account["Status"] == "ACTIVE" and account["Id"] not in without:
            yield Member(account["Id"], account["Name"])
    listed = "list_organizational_units_for_parent"
    for unit in _paged(client, listed, "OrganizationalUnits", ParentId=parent):
        yield from _below(client, unit["Id"], without)


def _paged(client: Any, operation: str, items: str, **asked: str) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**asked):
        yield from page[items]
