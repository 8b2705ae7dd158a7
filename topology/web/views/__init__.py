"""One module per page; every view asks ``accounts.access`` what its visitor may see."""

from topology.web.views import (
    account,
    find,
    findings,
    home,
    loop,
    map,  # noqa: A004
    people,
    resource,
    scenarios,
    schedule,
    sign_in,
    what_if,
)

__all__ = [
    "account",
    "find",
    "findings",
    "home",
    "loop",
    "map",
    "people",
    "resource",
    "scenarios",
    "schedule",
    "sign_in",
    "what_if",
]
