"""More permission never removes a loop, and another constraint never opens one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import World, allow, deny
from topology.analysis import analyse
from topology.verdict import HARMLESS

PROFILE = settings(max_examples=40, deadline=None)
FUNCTIONS, BUCKETS = ("a", "b"), ("one", "two")
DEFAULT, ORDERS = (
    f"arn:aws:events:eu-west-1:111122223333:event-bus/{name}" for name in ("default", "orders")
)
OF_S3 = (("source", "aws.s3"),)
KEYS = ("*", "in/*", "in/*.csv", "out/*", "*.csv")

statements = st.one_of(
    st.builds(
        lambda action, bucket, keys: allow(action, f"arn:aws:s3:::{bucket}/{keys}"),
        st.sampled_from(("s3:PutObject", "s3:DeleteObject", "s3:*")),
        st.sampled_from((*BUCKETS, "*")),
        st.sampled_from(KEYS),
    ),
    st.builds(
        lambda source: allow(
            "events:PutEvents", ORDERS, Condition={"StringEquals": {"events:source": source}}
        ),
        st.sampled_from(("shop", "billing")),
    ),
    st.just(allow("events:PutEvents", ORDERS)),
)
denials = st.builds(
    lambda bucket, keys: deny("s3:*", f"arn:aws:s3:::{bucket}/{keys}"),
    st.sampled_from((*BUCKETS, "*")),
    st.sampled_from(KEYS),
)


@dataclass(frozen=True)
class Heard:
    """A notification of a bucket or, where there is none, a rule: on what S3 says, or on orders."""

    function: str
    bucket: str | None
    prefix: str = ""
    suffix: str = ""
    pattern: tuple[tuple[str, str], ...] = ()
    dormant: bool = False

    def arrange(self, world: World, function: str, label: str) -> None:
        if self.bucket is not None:
            bucket = f"arn:aws:s3:::{self.bucket}"
            world.notify(bucket, function, prefix=self.prefix, suffix=self.suffix, label=label)
        else:
            bus = DEFAULT if self.pattern == OF_S3 else ORDERS
            world.rule(bus, function, {name: [text] for name, text in self.pattern}, label)
        if self.dormant:
            world.edges[-1] = replace(world.edges[-1], dormant="it is disabled")


sources = st.sampled_from(((), (("source", "shop"),), OF_S3))
notifications = st.builds(
    Heard,
    st.sampled_from(FUNCTIONS),
    st.sampled_from(BUCKETS),
    st.sampled_from(("", "in/", "out/")),
    st.sampled_from(("", ".csv")),
)
rules = st.builds(Heard, st.sampled_from(FUNCTIONS), st.none(), pattern=sources)


@dataclass(frozen=True)
class Account:
    """What each function may do, and who hears what."""

    may: Mapping[str, Sequence[Mapping[str, Any]]]
    heard: Sequence[Heard]

    def endangered(self) -> set[str]:
        """The deliveries that lie on a loop which may go round, by their number."""
        world = World()
        default, _ = world.bus(), world.bus("orders")
        for name in BUCKETS:
            world.tell_eventbridge(world.bucket(name), default)
        functions = {name: world.function(name, *self.may[name]) for name in FUNCTIONS}
        for number, each in enumerate(self.heard):
            each.arrange(world, functions[each.function], str(number))
        loops = analyse(world.graph()).loops
        hops = (hop for loop in loops if loop.verdict not in HARMLESS for hop in loop.hops)
        return {hop.edge.label for hop in hops if hop.edge.filter is not None}


accounts = st.builds(
    Account,
    st.fixed_dictionaries(
        {name: st.lists(statements, max_size=2).map(tuple) for name in FUNCTIONS}
    ),
    st.lists(st.one_of(notifications, rules), min_size=1, max_size=4).map(tuple),
)
names = st.sampled_from(FUNCTIONS)
constraints = st.sampled_from(
    (
        {"dormant": True},
        {"suffix": ".csv"},
        {"prefix": "in/"},
        {"pattern": (("source", "shop"), ("detail-type", "Ordered"))},
    )
)


@PROFILE
@given(account=accounts, function=names, statement=statements)
def test_another_permission_never_removes_a_loop(account, function, statement):
    may = {**account.may, function: (*account.may[function], statement)}
    assert account.endangered() <= replace(account, may=may).endangered()


@PROFILE
@given(account=accounts, function=names, denial=denials)
def test_another_denial_never_opens_one(account, function, denial):
    may = {**account.may, function: (*account.may[function], denial)}
    assert account.endangered() >= replace(account, may=may).endangered()


@PROFILE
@given(account=accounts, number=st.integers(0, 3), more=constraints)
def test_another_constraint_on_what_is_heard_never_opens_one(account, number, more):
    heard = list(account.heard)
    place = number % len(heard)
    free = {name: value for name, value in more.items() if is_free(heard[place], name)}
    heard[place] = replace(heard[place], **free)
    assert account.endangered() >= replace(account, heard=heard).endangered()


def is_free(heard: Heard, name: str) -> bool:
    """Whether nothing is asked there yet: to ask something else is not to ask for more."""
    return getattr(heard, name) in ("", (), False)
