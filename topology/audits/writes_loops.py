"""What does it write to, and could that trigger something? Loops, by their fingerprints.

Source: https://docs.aws.amazon.com/lambda/latest/operatorguide/recursive-invocation.html
"""

from __future__ import annotations

from collections.abc import Mapping

from topology.analysis import Loop
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Severity, rule
from topology.verdict import HARMLESS, LoopVerdict

BY_VERDICT: Mapping[LoopVerdict, Severity] = {
    LoopVerdict.LIVE: Severity.HIGH,
    LoopVerdict.GUARDED: Severity.HIGH,
}


@rule(
    "loop",
    Question.WRITES,
    Severity.MEDIUM,
    "What it writes comes back",
    page="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    needs=(),
    of=lambda known: known.analysis.loops,
)
def loop(found: Loop, known: Known) -> Answer:
    """A loop that nothing stops and nobody accepted; the loop's own page says everything."""
    if found.verdict in HARMLESS:
        return None
    return Found(
        found.hops[0].edge.source,
        f"{found.title}: {found.explanation}",
        "The loop's own page lists what would stop it, each change tried.",
        part=found.fingerprint,
        edges=tuple(hop.edge.id for hop in found.hops),
        facts={"loop": found.fingerprint, "verdict": found.verdict.value},
        severity=BY_VERDICT.get(found.verdict),
    )
