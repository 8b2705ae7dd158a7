"""One module per page; every view asks ``accounts.access`` what its visitor may see."""

from topology.web.views import (
    account,
    alerts,
    connect,
    export,
    find,
    findings,
    home,
    loop,
    map,  # noqa: A004
    moments,
    people,
    resource,
    scenarios,
    schedule,
    sign_in,
    tester,
    what_if,
)

__all__ = [
    "account",
    "alerts",
    "connect",
    "export",
    "find",
    "findings",
    "home",
    "loop",
    "map",
    "moments",
    "people",
    "resource",
    "scenarios",
    "schedule",
    "sign_in",
    "tester",
    "what_if",
]
