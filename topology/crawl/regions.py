"""Which Regions to read: the enabled ones, or those asked for.

Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from topology.catalog import account
from topology.catalog.service import Here
from topology.crawl.ask import ask
from topology.crawl.errors import CrawlError, code_of, explained, reason_of
from topology.crawl.session import HOME, Connection, Identity, opened


def regions(
    connection: Connection, identity: Identity, wanted: Sequence[str] = ()
) -> tuple[str, ...]:
    """The Regions to read, sorted; all enabled ones unless some are wanted.

    Where listing them is refused, wanted ones that botocore knows are taken as enabled: one that
    is not will answer with gaps. Raises ``CrawlError`` for a Region that is unknown or not
    enabled, and where nothing says which to read.
    """
    session = opened(connection)
    home = HOME[identity.partition]
    here = Here(identity.partition, identity.account, home)
    answer = ask(session, home, account.service, account.regions, here, None)
    if answer.error is None:
        enabled = {
            region["RegionName"]: region.get("RegionOptStatus") != account.OFF
            for region in answer.items
        }
    else:
        error = _unlisted(answer.error, connection)
        if error.code not in ("refused", "unreachable") or not wanted:
            raise error
        enabled = dict.fromkeys(session.known_regions(here.partition), True)
    for name in wanted:
        if not enabled.get(name):
            raise _not_readable(name, enabled)
    return tuple(sorted(set(wanted) or {name for name, is_on in enabled.items() if is_on}))


def _unlisted(error: Exception, connection: Connection) -> CrawlError:
    known = explained(error, connection.role_arn)
    if known.code != "refused":
        return known
    action = account.service.action_of(account.regions)
    return CrawlError(
        "refused",
        f"The Regions of this account could not be listed: {reason_of(error)} ({code_of(error)}). "
        f"Allow {action}, or name the Regions to read with --region.",
    )


def _not_readable(name: str, enabled: dict[str, bool]) -> CrawlError:
    if name in enabled:
        return CrawlError(
            "unknown-region",
            f"The Region {name} is not enabled in this account: enable or omit it.",
        )
    close = difflib.get_close_matches(name, sorted(enabled), n=1)
    hint = f" Did you mean {close[0]}?" if close else f" Known: {', '.join(sorted(enabled))}."
    return CrawlError("unknown-region", f"There is no AWS Region called {name!r}.{hint}")
