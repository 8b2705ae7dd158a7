"""What happens at scale? Limits that are missing, shared, or shorter than what they are around.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from topology.analysis import words
from topology.analysis.assumptions import DEFAULTS
from topology.audits.known import Known, is_synchronous
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.catalog.awslambda import FUNCTION
from topology.graph import Edge, Resource

CONCURRENCY = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
MAPPING = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"
NOT_ASKED = "reserved concurrency is only read of functions that may lie on a loop"
WAITS: Mapping[str, int] = {"apigw.rest.lambda": 29, "apigw.http.lambda": 30}  # seconds
MAPPINGS = ("lambda.list_event_source_mappings",)
READERS = 2  # of a DynamoDB stream's shard, before they are throttled
MANY = 10  # subscribers that every message of a topic reaches
NAMED = 4


def _ceiling(function: Resource, edge: Edge) -> int | None:
    """How many may run at once for a mapping; None where nothing of their own limits them."""
    limits = (
        function.attributes.get("reserved_concurrency"),
        edge.attributes.get("max_concurrency"),
    )
    known = [int(limit) for limit in limits if limit is not None]
    return min(known) if known else None


@rule(
    "no-ceiling",
    Question.SCALE,
    Severity.MEDIUM,
    "A queue may take all the concurrency there is",
    page=MAPPING,
    needs=MAPPINGS,
    of=lambda known: known.edges("esm.sqs.lambda"),
)
def no_ceiling(edge: Edge, known: Known) -> Answer:
    """A mapping and a function without a limit of their own; graver before something slower."""
    function = known.resources[edge.target]
    if _ceiling(function, edge) is not None:
        return None
    if "reserved_concurrency" not in function.attributes:
        return Unread(function.arn, NOT_ASKED)
    slower = [*_slower(function.arn, known)]
    limited = (
        f" It writes to {' and '.join(words.named(each) for each in slower[:NAMED])}, which can "
        "do less at once."
        if slower
        else ""
    )
    uuid = str(edge.attributes.get("uuid", ""))
    line = ["aws", "lambda", "update-event-source-mapping", "--uuid", uuid]
    line += ["--scaling-config", "MaximumConcurrency=10", "--region", function.region]
    return Found(
        function.arn,
        f"Neither the mapping of {words.named(known.resources[edge.source])} nor "
        f"{words.named(function)} has a limit: a full queue starts up to 1,250 at once, of the "
        f"{DEFAULTS.account_concurrency:,.0f} that an account has in a Region unless it asked for "
        f"more.{limited}",
        "Set MaximumConcurrency on the mapping: unlike a reserved concurrency it never sends "
        "messages to the dead-letter queue for being throttled.",
        shlex.join(line) if uuid else "",
        part=edge.id,
        edges=(edge.id,),
        facts={"max_concurrency": None, "reserved_concurrency": None},
        severity=Severity.HIGH if slower else None,
    )


def _slower(function: str, known: Known) -> Iterator[Resource]:
    """What a function writes to that has a limit of its own, or is somebody else's address."""
    for edge in known.written(function):
        target = known.resources.get(edge.target)
        if target is None:
            continue
        is_limited = target.attributes.get("reserved_concurrency") is not None
        if is_limited or target.kind == "events.apidestination":
            yield target


@dataclass(frozen=True, slots=True)
class _Place:
    account: str
    region: str
    functions: Sequence[Resource]


def _places(known: Known) -> Iterator[_Place]:
    places: dict[tuple[str, str], list[Resource]] = {}
    for function in known.started:
        places.setdefault((function.account, function.region), []).append(function)
    for (account, region), functions in sorted(places.items()):
        yield _Place(account, region, functions)


@rule(
    "shared-concurrency",
    Question.SCALE,
    Severity.MEDIUM,
    "People wait behind queues for the same concurrency",
    page=CONCURRENCY,
    needs=MAPPINGS,
    of=_places,
)
def shared(place: _Place, known: Known) -> Answer:
    """Functions that somebody waits for, beside ones that a queue may start without a limit."""
    waited = [f for f in place.functions if any(map(is_synchronous, known.starts(f.arn)))]
    greedy: list[Resource] = []
    unread = False
    for function in place.functions:
        for edge in known.starts(function.arn):
            if edge.kind == "esm.sqs.lambda" and _ceiling(function, edge) is None:
                unread |= "reserved_concurrency" not in function.attributes
                greedy.append(function)
                break
    unlimited = [each for each in greedy if "reserved_concurrency" in each.attributes]
    open_ = [each for each in waited if each.attributes.get("reserved_concurrency") is None]
    subject = f"{place.account} {place.region}"
    if not open_ or not greedy:
        return None
    if unread and not unlimited:
        return Unread(subject, NOT_ASKED)
    return Found(
        open_[0].arn,
        f"In account {place.account}, {place.region}, {len(unlimited)} "
        f"function{'s' if len(unlimited) > 1 else ''} that a queue starts "
        f"({', '.join(each.name for each in unlimited[:NAMED])}) may take all the concurrency that "
        f"{len(open_)} function{'s' if len(open_) > 1 else ''} need for which somebody waits "
        f"({', '.join(each.name for each in open_[:NAMED])}).",
        "Give the mappings a MaximumConcurrency, or what people wait for a reserved concurrency.",
        part=subject,
        facts={"unlimited": len(unlimited), "waited_for": len(open_)},
    )


@rule(
    "outlasts-its-caller",
    Question.SCALE,
    Severity.MEDIUM,
    "A function may run on when its caller has given up",
    page="https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    needs=("apigateway.get_resources", "apigatewayv2.get_integrations"),
    of=lambda known: known.edges(*WAITS),
)
def outlasts(edge: Edge, known: Known) -> Answer:
    """A timeout longer than API Gateway waits: the caller tries again, the first one goes on."""
    function = known.resources[edge.target]
    timeout, waits = function.attributes.get("timeout"), WAITS[edge.kind]
    if timeout is None:
        return Unread(function.arn, "the timeout of the function was not read")
    if timeout <= waits:
        return None
    line = ["aws", "lambda", "update-function-configuration", "--function-name", function.arn]
    line += ["--timeout", str(waits), "--region", function.region]
    return Found(
        function.arn,
        f"{words.named(function)} may take {timeout:,} s, but "
        f"{words.named(known.resources[edge.source])} waits {waits} s unless its quota was "
        "raised: whoever called sees an error, tries again, and both runs go on.",
        f"Set the function's timeout to {waits} s or less, or answer at once and work later.",
        shlex.join(line),
        part=edge.id,
        edges=(edge.id,),
        facts={"timeout": timeout, "waits": waits},
    )


@rule(
    "fans-out",
    Question.SCALE,
    Severity.LOW,
    "One message starts many",
    page="https://docs.aws.amazon.com/sns/latest/dg/sns-common-scenarios.html",
    needs=("sns.list_topics",),
    of=lambda known: known.of_kind("sns.topic"),
)
def fans_out(topic: Resource, known: Known) -> Answer:
    """A topic of which ten subscribers and more hear every message."""
    if reason := known.unread(topic, "sns.list_subscriptions"):
        return Unread(topic.arn, reason)
    heard = [
        edge
        for edge in known.leaving.get(topic.arn, ())
        if edge.kind.startswith("sns.sub.") and edge.kind != "sns.sub.redrive" and not edge.filter
    ]
    if len(heard) < MANY:
        return None
    return Found(
        topic.arn,
        f"Every message of {words.named(topic)} reaches {len(heard):,} subscribers, none of which "
        f"has a filter: a thousand messages are {len(heard):,},000 deliveries.",
        "Give subscribers a filter policy, so that each hears what it is for.",
        edges=tuple(edge.id for edge in heard[:NAMED]),
        facts={"subscribers": len(heard)},
    )


@rule(
    "too-many-readers",
    Question.SCALE,
    Severity.MEDIUM,
    "More than two functions read one DynamoDB stream",
    page="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html",
    needs=MAPPINGS,
    of=lambda known: known.of_kind("dynamodb.stream"),
)
def readers(stream: Resource, known: Known) -> Answer:
    """A stream whose shards are throttled because too many read them."""
    if reason := known.unread(stream, "lambda.list_event_source_mappings"):
        return Unread(stream.arn, reason)
    reading = [
        edge
        for edge in known.leaving.get(stream.arn, ())
        if edge.kind == "esm.dynamodb.lambda" or edge.kind == "pipe.source.dynamodb"
    ]
    if len(reading) <= READERS:
        return None
    return Found(
        stream.arn,
        f"{len(reading)} readers poll {words.named(stream)}; AWS throttles a shard that more than "
        f"{READERS} read at once, and records arrive late for all of them.",
        "Let one function hand the records to an event bus or a topic, or use Kinesis.",
        edges=tuple(edge.id for edge in reading[:NAMED]),
        facts={"readers": len(reading)},
    )


@rule(
    "guard-does-not-cover",
    Question.SCALE,
    Severity.MEDIUM,
    "AWS's recursion guard would not stop it",
    page="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    needs=("lambda.list_functions",),
    of=lambda known: known.guarded,
)
def uncovered(subject: str, known: Known) -> Answer:
    """A loop that the guard cannot see, or a function that has it switched off."""
    gap = known.protection_gaps.get(subject)
    if gap is not None:
        is_function = subject in known.resources
        on = gap.loops[0] if gap.loops else ""
        place = subject if is_function else known.loops[on].hops[0].edge.source
        return Found(
            place,
            gap.because,
            "Set RecursiveLoop back to Terminate."
            if is_function
            else "Do not count on the guard here: stop the loop itself.",
            shlex.join(_terminate(subject, known.resources[subject].region)) if is_function else "",
            part=on,
            facts={"kind": gap.kind.value, "loops": list(gap.loops)},
            severity=Severity.HIGH
            if is_function and gap.loops
            else (Severity.LOW if is_function else None),
        )
    loop = known.loops.get(subject)
    functions = (
        [known.resources[hop.edge.source] for hop in loop.hops]
        if loop is not None
        else [known.resources[subject]]
    )
    if any(f.kind == FUNCTION and not f.attributes.get("recursive_loop") for f in functions):
        return Unread(subject, "RecursiveLoop was not read of a function on a loop")
    return None


def _terminate(arn: str, region: str) -> list[str]:
    line = ["aws", "lambda", "put-function-recursion-config", "--function-name", arn]
    return [*line, "--recursive-loop", "Terminate", "--region", region]
