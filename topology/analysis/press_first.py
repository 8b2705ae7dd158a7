"""What to press first: the one action that stops a running loop now and can be taken back.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (what AWS itself
advises: a reserved concurrency of 0, or a trigger that is disabled).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from topology.analysis.changes import Reserve, SwitchOff
from topology.analysis.levers import NATURE
from topology.analysis.loops import Loop
from topology.analysis.options import together
from topology.analysis.trials import Trial
from topology.catalog.awslambda import FUNCTION
from topology.graph import Edge, Evidence, Meaning

Button: TypeAlias = SwitchOff | Reserve

# By how soon they work and how little gets lost. A mapping leaves what it would have read where it
# is; a function without concurrency leaves it to AWS's retries; a rule drops it.
SWITCHES = (
    "esm.",
    "pipe.source.",
    "eb.rule.",
    "scheduler.",
    "iot.rule",
    "iot.republish",
    "cloudtrail.out",
    "s3.notif.",
    "s3.replication",
    "s3.logging",
    "logs.subscription",
    "logs.account_subscription",
    "lambda.async.",
    "lambda.dlq",
    "sqs.redrive",
    "sns.sub.",
)
FUNCTIONS_COME_AFTER = 2  # mappings and pipes keep what they do not read


@dataclass(frozen=True, slots=True)
class Press:
    """The action, proved to stop the loop. ``about`` is the edge it acts on, or enters.

    ``stops_too`` counts deliveries outside of the loop that the same action silences.
    """

    change: Button
    about: Edge
    stops_too: int


def press_first(loop: Loop, trial: Trial) -> Press | None:
    """The best single action that surely stops a loop, or None where there is none."""
    for press in _buttons(loop, trial):
        if trial.stops(loop, (press.change,)):
            return press
    return None


def _buttons(loop: Loop, trial: Trial) -> Iterator[Press]:
    """What could be pressed, best first: what loses nothing, then functions, then the rest."""
    declared = [
        hop.edge
        for hop in loop.hops
        if hop.edge.evidence is Evidence.DECLARED and not hop.edge.kind.startswith(NATURE)
    ]
    ranked = [
        (rank, edge)
        for edge in declared
        for rank, kind in enumerate(SWITCHES)
        if edge.kind.startswith(kind) and edge.kind != "esm.onfailure"
    ]
    ranked.sort(key=lambda each: (each[0], each[1].order))
    yield from (_switch(edge, loop, trial) for rank, edge in ranked if rank < FUNCTIONS_COME_AFTER)
    for hop in sorted(loop.hops, key=lambda hop: hop.edge.order):
        resource = trial.graph.resources[hop.edge.target]
        if resource.kind == FUNCTION:
            on_way = {each.edge.id for each in loop.hops}
            others = sum(
                edge.target == resource.arn
                and edge.id not in on_way
                and edge.meaning is not Meaning.WRITES
                for edge in trial.graph.edges
            )
            yield Press(Reserve(resource.arn, 0), hop.edge, others)
    yield from (_switch(edge, loop, trial) for rank, edge in ranked if rank >= FUNCTIONS_COME_AFTER)


def _switch(edge: Edge, loop: Loop, trial: Trial) -> Press:
    on_way = {hop.edge.id for hop in loop.hops}
    ids = tuple(sorted(each.id for each in together(edge, trial.whole.graph)))
    return Press(SwitchOff(ids), edge, len(set(ids) - on_way))
