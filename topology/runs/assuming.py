"""One loop's gain, first hour and cost again, with what somebody else assumes; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Workspace
from topology import store
from topology.analysis.assumptions import Assumptions
from topology.analysis.forecast import forecast
from topology.reports import forecasts, recalled
from topology.runs import pricing


def assuming(
    workspace: Workspace,
    moment: int,
    report: Mapping[str, Any],
    fingerprint: str,
    assumed: Assumptions,
) -> dict[str, Any]:
    """The members ``gain``, ``cost`` and ``first_hour`` of a listed loop of a moment's report."""
    loops = recalled.loops(report)
    about = next(each for each in loops if each.fingerprint == fingerprint)
    resources = dict(recalled.resources(report))
    resources |= store.resources(workspace, moment, resources)
    return forecasts.members(forecast(about, loops, resources, pricing.prices(), assumed))
