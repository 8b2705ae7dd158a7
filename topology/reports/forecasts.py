"""What a loop would do and cost, and what storms without one, as members of the JSON report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.analysis.assumptions import Span
from topology.analysis.course import Course
from topology.analysis.forecast import Cost, Forecast
from topology.analysis.gain import Gain, number
from topology.analysis.storms import Finding, Storm
from topology.graph import Resource

DIGITS = 4  # that an amount is told with: no estimate knows more
STORMS: Mapping[Storm, str] = {
    Storm.POISON: "A message that fails comes back for days",
    Storm.BLOCKED: "A record that fails blocks its shard",
    Storm.OVERLAP: "Messages are handed out while they are worked on",
    Storm.LOST: "Events that fail are repeated and then lost",
}


def members(forecast: Forecast | None) -> dict[str, Any]:
    """``gain``, ``cost`` and ``first_hour`` of one loop; the last two null where nothing runs."""
    if forecast is None:
        return {"gain": None, "cost": None, "first_hour": None, "measured": ""}
    return {
        "gain": _gain(forecast.gain),
        "cost": _cost(forecast.cost) if forecast.cost else None,
        "first_hour": _first_hour(forecast.courses) if forecast.courses else None,
        "measured": forecast.measured,
    }


def finding(found: Finding, resources: Mapping[str, Resource]) -> dict[str, Any]:
    """A retry storm without a loop."""
    subject = resources[found.subject]
    return {
        "id": found.id,
        "kind": found.kind.value,
        "title": STORMS[found.kind],
        "subject": found.subject,
        "subject_name": subject.name,
        "subject_kind": subject.kind,
        "because": found.because,
        "fix": found.fix,
    }


def sentence(loop: Mapping[str, Any]) -> str:
    """A loop's gain, first hour and cost in a line, from its members; empty without a gain."""
    gain, cost, hour = loop.get("gain"), loop.get("cost"), loop.get("first_hour")
    if not gain:
        return ""
    told = f"Gain {_of(gain['low'], gain['usual'], gain['high'])} per turn."
    if not cost or not hour:
        return told
    runs = [hour[case]["runs"][-1] for case in ("low", "usual", "high")]
    told += f" First hour from one event: {_of(*runs)} runs, {first_hour_costs(loop)}"
    if (full := hour["high"]["ceiling_after"]) is not None:
        told += f", the ceiling of {number(hour['ceiling'])} at once after {lasting(full)} at worst"
    return f"{told}."


def first_hour_costs(loop: Mapping[str, Any]) -> str:
    """``$0.02 to $3,100``; empty where that was not worked out."""
    cost = loop.get("cost")
    return dollars(Span(cost["first_hour"]["low"], cost["first_hour"]["high"])) if cost else ""


def dollars(span: Span) -> str:
    """``$0.02 to $3,100``."""
    low, high = money(span.low), money(span.high)
    return low if low == high else f"{low} to {high}"


def money(amount: float) -> str:
    """Dollars as people read them; nobody cares for parts of a cent."""
    if amount < 0.005:
        return "$0" if amount == 0 else "under 1 ¢"
    return f"${amount:,.2f}" if amount < 100 else f"${amount:,.0f}"


def lasting(seconds: float) -> str:
    """``14 s``, ``3 min 20 s``, ``50 min``."""
    whole = max(round(seconds), 1)
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        hours, minutes = divmod(minutes, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"


def _of(low: float, usual: float, high: float) -> str:
    around = "" if number(low) == number(high) else f" ({number(low)} to {number(high)})"
    return f"{number(usual)}{around}"


def _gain(gain: Gain) -> dict[str, Any]:
    return {
        "low": _short(gain.low),
        "usual": _short(gain.usual),
        "high": _short(gain.high),
        "sentence": gain.sentence,
        "terms": [
            {
                "hop": term.hop + 1,
                "what": term.what.value,
                "low": _short(term.low),
                "usual": _short(term.usual),
                "high": _short(term.high),
                "because": term.because,
            }
            for term in gain.terms
        ],
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "currency": "USD",
        "first_hour": _span(cost.first_hour),
        "then_per_hour": _span(cost.then_per_hour),
        "metered": [
            {
                "hop": each.hop + 1,
                "meter": each.meter,
                "title": each.title,
                "where": each.where,
                **_span(each.dollars),
            }
            for each in cost.metered
        ],
        "unpriced": list(cost.unpriced),
        "prices": {
            "as_of": cost.prices.as_of.isoformat(),
            "region": cost.prices.region,
            "source": cost.prices.source,
        },
    }


def _first_hour(courses: Mapping[str, Course]) -> dict[str, Any]:
    some = courses["usual"]
    return {
        "seconds": [sample.seconds for sample in some.samples],
        "ceiling": _short(courses["high"].ceiling),
        **{case: _course(course) for case, course in courses.items()},
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "runs": [_short(sample.runs) for sample in course.samples],
        "at_once": [_short(sample.at_once) for sample in course.samples],
        "waiting": [_short(sample.waiting) for sample in course.samples],
        "ceiling_after": None if course.ceiling_after is None else _short(course.ceiling_after),
        "ended_after": None if course.ended_after is None else _short(course.ended_after),
        "cut": _short(course.cut),
    }


def _span(span: Span) -> dict[str, float]:
    return {"low": _short(span.low), "high": _short(span.high)}


def _short(value: float) -> float:
    """A few digits; whole numbers as such."""
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) else short
