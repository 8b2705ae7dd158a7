"""What a catalog file is made of: kinds, calls, readers and writes, all of them values.

A file of this package declares one ``service``. From those declarations are derived the crawl,
the coverage ledger, the read policy and the documentation (docs/design.md §3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from topology.graph import Edge, Resource
from topology.sets import strings
from topology.sets.events import MISSING, EventSet, Path, Values
from topology.sets.strings import StringSet

Item: TypeAlias = Any  # one element of an AWS answer: a mapping in botocore's shape, or a name


class Part(StrEnum):
    """The part a kind of resource plays for events."""

    ACTOR = "actor"  # takes an event and may write new ones
    CHANNEL = "channel"  # passes events on
    OTHER = "other"  # neither: a role, a policy


@dataclass(frozen=True, order=True, slots=True)
class Kind:
    """A kind of resource: ``s3.bucket``. ``guarded``: AWS's recursion guard follows it.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """

    name: str
    title: str
    part: Part
    guarded: bool = False


@dataclass(frozen=True, order=True, slots=True)
class Here:
    """Where a reader reads: the account and region its answers come from."""

    partition: str
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Of:
    """A parameter taken from the item of ``for_each``: ``Of("Name")`` is ``item["Name"]``.

    ``Of("Table.TableArn")`` looks further in; ``Of()`` is the item itself, where AWS lists plain
    names. ``above`` counts further ancestors: 1 is the item that one was asked for.
    """

    key: str = ""
    above: int = 0


@dataclass(frozen=True, slots=True)
class OfHere:
    """A parameter taken from the place being read: ``OfHere("region")``."""

    field: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An environment variable of ``actor`` and its value. Lives in memory only: the crawl turns
    it into the ARN of the known resource it names, and drops the value (docs/design.md §9)."""

    actor: str
    variable: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of an answer AWS could not give inside a 200, or that cannot be parsed."""

    resource: str
    code: str
    reason: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The tags of a resource that some other call shows; forgotten where none does."""

    arn: str
    tags: Mapping[str, str]


Fact: TypeAlias = Resource | Edge | Mention | Unread | Labelled
Reader: TypeAlias = Callable[..., Iterable[Fact]]  # (here, item, *ancestors nearest first)
Carrier: TypeAlias = Callable[[EventSet, Edge, Resource], EventSet]  # (events, edge, its target)


@dataclass(frozen=True, eq=False, slots=True)
class Call:
    """A read call as a value.

    ``operation`` is botocore's method name; ``items`` the dotted key of the list in the answer
    (None: the whole answer is the one item). ``for_each`` repeats the call for every item of
    another; ``where`` limits that to items for which it is true. ``token`` is the pair (request
    parameter, where in the answer) of a call that pages but has no botocore paginator, such as
    ``("ExclusiveStart", "Names[-1]")``, and ``more`` the answer's "there is more" flag where the
    token alone does not say. ``absent`` are error codes
    that mean "nothing configured", ``gone`` those that mean "deleted since it was listed".
    ``names`` says in a gap which resource was asked, given the for_each item. ``omits_empty``:
    AWS leaves the list out when it is empty; an answer without its list is otherwise taken for a
    broken one, never for an empty one. ``on_cycle`` is a kind of resource: the call is made last,
    once for every resource of it that may lie on a loop, and is repeated for
    ``{"arn": …, "name": …}``.
    """

    operation: str
    items: str | None = None
    for_each: Call | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    where: Callable[[Item], bool] | None = None
    token: tuple[str, str] | None = None
    more: str | None = None
    action: str | None = None
    absent: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    names: Callable[[Item], str] | None = None
    omits_empty: bool = False
    on_cycle: str = ""

    @property
    def ancestors(self) -> tuple[Call, ...]:
        """The calls this one repeats for, nearest first."""
        chain: list[Call] = []
        call = self.for_each
        while call is not None:
            chain.append(call)
            call = call.for_each
        return tuple(chain)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition key whose value the caller chooses and every event then carries at ``at``.

    ``Of`` stands for an attribute of the channel; where the channel has none, the key is not
    followed. ``together``: one request may hold several values, and IAM judges them as one.
    """

    key: str
    at: tuple[str | Of, ...]
    together: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """What an IAM action may do to a channel of kind ``on``, and the events that raises.

    IAM compares the action with the channel's ARN, or, where ``keyed`` is given, with
    ``<arn><keyed><key>`` and the key is in the event at ``key_at`` (S3: ``keyed="/"``).
    ``raises`` are the events of any such write, in the shape the channel's filters compare;
    conditions on what the caller has ``chosen`` narrow them.
    """

    name: str
    on: str
    actions: tuple[str, ...]
    keyed: str | None = None
    key_at: Path = ()
    raises: EventSet = EventSet.anything()  # noqa: RUF009 - a frozen value
    chosen: tuple[Chosen, ...] = ()


@dataclass(frozen=True, slots=True)
class Emission:
    """What a service tells the default bus of an account and Region after an IAM action.

    IAM compares the action with ARNs of the service, whose resource part begins as one of ``of``
    says; the event holds what follows at ``name_at``, or the whole ARN at ``arn_at``. ``unless``
    is the kind of a declared edge that says the same, where such edges were read.

    Source: https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
    """

    name: str
    actions: tuple[str, ...]
    source: str
    detail_types: tuple[str, ...]
    of: tuple[str, ...] = ()
    name_at: Path = ()
    arn_at: Path = ()
    unless: str = ""

    @property
    def raises(self) -> EventSet:
        """The events of any such action; they are no API calls, which say so by name."""
        known: dict[Path, StringSet | Values] = {
            ("source",): strings.literal(self.source),
            ("detail-type",): strings.one_of(self.detail_types),
            ("detail", "eventName"): MISSING,
        }
        return EventSet.scalars(known)


@dataclass(eq=False)
class Service:
    """One AWS service: its client, what it shows, what may be written to it, what it tells.

    ``rate`` is the number of control-plane requests per second we allow ourselves per account
    and region (the documented limit, less room for the customer's own deployments), or None.
    ``edges`` are the kinds of edges its readers state; ``within`` the ARNs, with ``{partition}``,
    to which the read policy narrows its actions where they would show more than is read.
    ``busy`` are calls that CloudTrail takes for changes and that change nothing we read: work
    being done, all day long. The beginning of a name stands for all that begin so.
    """

    client: str
    title: str
    iam_prefix: str = ""
    rate: float | None = None
    is_global: bool = False
    source: str = ""
    kinds: tuple[Kind, ...] = ()
    writes: tuple[Write, ...] = ()
    emissions: tuple[Emission, ...] = ()
    edges: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    calls: list[Call] = field(default_factory=list)
    readers: list[tuple[Call, Reader]] = field(default_factory=list)
    carriers: dict[str, Carrier] = field(default_factory=dict)

    def reads(self, call: Call) -> Callable[[Reader], Reader]:
        """Register a pure function from one item of ``call`` to facts (and plan its calls)."""

        def register(reader: Reader) -> Reader:
            for needed in (*reversed(call.ancestors), call):
                if needed not in self.calls:
                    self.calls.append(needed)
            self.readers.append((call, reader))
            return reader

        return register

    def carries(self, *kinds: str) -> Callable[[Carrier], Carrier]:
        """Register how edges of these kinds wrap the events that take them.

        Without a carrier the events on the other side are not known, which is never wrong.
        """

        def register(carrier: Carrier) -> Carrier:
            self.carriers.update(dict.fromkeys(kinds, carrier))
            return carrier

        return register

    def name_of(self, call: Call) -> str:
        """How the ledger names a call: ``events.list_rules``."""
        return f"{self.client}.{call.operation}"

    def action_of(self, call: Call) -> str:
        """The IAM action that allows a call: ``events:ListRules`` unless the call says so."""
        if call.action is not None:
            return call.action
        operation = "".join(word.capitalize() for word in call.operation.split("_"))
        return f"{self.iam_prefix or self.client}:{operation}"

    def readers_of(self, call: Call) -> Iterator[Reader]:
        """The functions that read the items of a call."""
        return (reader for registered, reader in self.readers if registered is call)
