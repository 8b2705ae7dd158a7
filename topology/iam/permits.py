"""What a principal may do: a set of resources, with the statements that decided and the doubts.

(identity ∪ or ∩ resource policy) ∩ every ceiling − every explicit Deny. In doubt the permission
stands and is less certain: an undecided Allow counts, an undecided Deny does not.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar

from topology.iam import documents
from topology.iam.conditions import Decision, Request, Truth, decide
from topology.iam.documents import Effect, Statement
from topology.sets import strings
from topology.sets.strings import StringSet

# The sets a permission is computed in: ARNs (or keys) as patterns, or the known ARNs themselves.
S = TypeVar("S", StringSet, frozenset[str])
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Measure(Generic[S]):
    """What statements name all together: at least and at most, where the sets are coarse."""

    at_least: Callable[[tuple[Statement, ...]], S]
    at_most: Callable[[tuple[Statement, ...]], S]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a role and what it was given.

    Every one of ``ceilings`` must allow a request too: the permissions boundary, and one per
    level of service control policies where they can be read.
    """

    arn: str
    account: str
    identity: tuple[Statement, ...]
    ceilings: tuple[tuple[Statement, ...], ...] = ()

    @property
    def allows(self) -> tuple[Statement, ...]:
        """What its own policies allow, before anything narrows it."""
        return tuple(each for each in self.identity if each.effect is Effect.ALLOW)

    def with_allows(self, allows: Iterable[Statement]) -> Principal:
        """The same principal if its own policies allowed just this, and denied all they deny."""
        denies = (each for each in self.identity if each.effect is Effect.DENY)
        return replace(self, identity=(*allows, *denies))


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that owns the resources asked about, and their own policy (None: not read)."""

    account: str
    policy: tuple[Statement, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Permission(Generic[S]):
    """``may`` holds with every doubt settled in favour, ``surely`` with every doubt against.

    ``granted`` is what ``may`` would be without any explicit Deny; ``allows`` and ``denies`` are
    the statements that made the difference.
    """

    granted: S
    may: S
    surely: S
    allows: tuple[Statement, ...]
    denies: tuple[Statement, ...]
    doubts: tuple[str, ...]


def request(principal: Principal, owner: str = "", region: str = "") -> Request:
    """What is known of any call a role makes itself on a resource of an account and region.

    AWS sets the ``Source`` keys, and the service names, only where a service calls in its own
    name; ``aws:username`` only for users.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    return _request(principal.arn, principal.account, owner, region)


@lru_cache(maxsize=4096)
def _request(arn: str, account: str, owner: str, region: str) -> Request:
    known = {
        "aws:principalarn": arn,
        "aws:principalaccount": account,
        "aws:resourceaccount": owner,
        "s3:resourceaccount": owner,
        "aws:requestedregion": region,
    }
    return {**OF_A_ROLE, **{key: (value,) for key, value in known.items() if value}}


OF_A_ROLE: Request = {
    "aws:principaltype": ("AssumedRole",),
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),  # the SDKs' endpoints are HTTPS
    **dict.fromkeys(("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner"), ()),
    **dict.fromkeys(("aws:sourceorgid", "aws:sourceorgpaths", "aws:username"), ()),
    **dict.fromkeys(("aws:principalservicename", "aws:principalservicenameslist"), ()),
}


def permitted(
    principal: Principal, action: str, asked: Request, owner: Owner
) -> Permission[StringSet]:
    """The ARNs on which a principal may call an action, of those the owner's policy is about."""
    return weigh(principal, action, asked, owner, Measure(arns, arns))


def arns(statements: Sequence[Statement]) -> StringSet:
    """Every ARN the statements name."""
    return strings.union(_arns(each) for each in statements)


def weigh(
    principal: Principal, action: str, asked: Request, owner: Owner, measure: Measure[S]
) -> Permission[S]:
    """As ``permitted``, in whatever sets ``measure`` counts."""
    weighing = _Weighing(action, asked, measure)
    granted = weighing.bounds(principal.identity, Effect.ALLOW)
    is_home = owner.account == principal.account
    policy = _policy(owner, is_home)
    if policy or not is_home:
        naming = [each for each in policy if names(each, principal, by_account=not is_home)]
        theirs = weighing.bounds(naming, Effect.ALLOW)
        granted = granted.joined(theirs) if is_home else granted.common(theirs)
    allows = granted.by
    for ceiling in principal.ceilings:
        granted = granted.common(weighing.bounds(ceiling, Effect.ALLOW))
    denying = [each for each in policy if names(each, principal, by_account=True)]
    everywhere = chain(principal.identity, *principal.ceilings, denying)
    denied = weighing.bounds(everywhere, Effect.DENY)
    nothing = measure.at_most(())
    return Permission(
        granted.over,
        granted.over - denied.under if denied.under != nothing else granted.over,
        granted.under - denied.over if denied.over != nothing else granted.under,
        allows,
        denied.by,
        tuple(dict.fromkeys(weighing.doubts)),
    )


def names(statement: Statement, principal: Principal, by_account: bool) -> bool:
    """Whether a resource's policy speaks of a principal, itself or (if asked) as its account."""
    account, name = principal.account, principal.arn.rpartition("/")[2]
    meant = {"*", principal.arn, account} if by_account else {"*", principal.arn}
    is_listed = not meant.isdisjoint(statement.principals) or (
        by_account and any(each.endswith(f":iam::{account}:root") for each in statement.principals)
    )
    session = f":sts::{account}:assumed-role/{name}/"
    if not is_listed and any(session in each for each in statement.principals):
        return statement.effect is Effect.ALLOW  # which session it will be is not known
    return is_listed is not statement.not_principals


def spoken_of(statement: Statement) -> Iterator[str]:
    """Whom a resource's policy speaks of, in the words of ``called``."""
    if statement.not_principals:
        yield "*"
        return
    for each in statement.principals:
        if each.endswith(":root"):
            yield each.removesuffix(":root").rpartition(":")[2]
        elif ":assumed-role/" in each:
            yield each.partition("::")[2].rpartition("/")[0]
        else:
            yield each


def called(principal: Principal) -> tuple[str, ...]:
    """A principal as ``spoken_of`` may mean it: anybody, itself, its account, its sessions."""
    account, name = principal.account, principal.arn.rpartition("/")[2]
    return ("*", principal.arn, account, f"{account}:assumed-role/{name}")


def _policy(owner: Owner, is_home: bool) -> tuple[Statement, ...]:
    """At home a policy that is not read is not needed; abroad it may allow everything."""
    if owner.policy is not None:
        return owner.policy
    if is_home:
        return ()
    account = f"account {owner.account}" if owner.account else "an account that is not connected"
    return (documents.supposed(f"the resource is in {account}, and its policy was not read"),)


def widest(statement: Statement) -> Statement:
    """The most a statement may name, whatever its policy variables (``${...}``) stand for."""
    return _read(statement, keep=not statement.not_resources)


def narrowest(statement: Statement) -> Statement:
    """What a statement names at least, whatever its policy variables stand for."""
    return _read(statement, keep=statement.not_resources)


def _read(statement: Statement, keep: bool) -> Statement:
    """Patterns with a variable read as anything, or (where that names too much) left out."""
    if not any("${" in pattern for pattern in statement.resources):
        return statement
    kept = (each for each in statement.resources if keep or "${" not in each)
    return replace(statement, resources=tuple(map(without_variables, kept)))


def without_variables(pattern: str) -> str:
    """A pattern whose policy variables are read as anything."""
    return _VARIABLE.sub("*", pattern)


def _arns(statement: Statement) -> StringSet:
    named = strings.union(strings.wildcard(each, single=True) for each in statement.resources)
    return ~named if statement.not_resources else named


@dataclass(frozen=True, slots=True)
class _Bounds(Generic[S]):
    """A set known to lie between two, ``under`` ⊆ it ⊆ ``over``, and the statements it is of."""

    under: S
    over: S
    by: tuple[Statement, ...] = ()

    def joined(self, other: _Bounds[S]) -> _Bounds[S]:
        by = self.by + other.by
        return _Bounds(self.under | other.under, self.over | other.over, by)

    def common(self, other: _Bounds[S]) -> _Bounds[S]:
        by = self.by + other.by
        return _Bounds(self.under & other.under, self.over & other.over, by)


@dataclass(frozen=True, slots=True)
class _Weighing(Generic[S]):
    """One action of one request; ``doubts`` are collected on the way."""

    action: str
    asked: Request
    measure: Measure[S]
    doubts: list[str] = field(default_factory=list)

    def bounds(self, statements: Iterable[Statement], effect: Effect) -> _Bounds[S]:
        """What the statements of one effect name, at least and at most."""
        certain: list[Statement] = []
        counted: list[Statement] = []
        for statement in statements:
            if statement.effect is effect and statement.is_about(self.action):
                decision = decide(statement.conditions, self.asked)
                if decision.truth is Truth.FALSE or self._names_nothing(statement):
                    continue
                counted.append(statement)
                self.doubts.extend(_doubts(statement, decision))
                if decision.truth is Truth.TRUE and not statement.doubt:
                    certain.append(statement)
        return _Bounds(
            self.measure.at_least(tuple(map(narrowest, certain))),
            self.measure.at_most(tuple(map(widest, counted))),
            tuple(counted if effect is Effect.ALLOW else certain),
        )

    def _names_nothing(self, statement: Statement) -> bool:
        return self.measure.at_most((widest(statement),)) == self.measure.at_most(())


def _doubts(statement: Statement, decision: Decision) -> Iterator[str]:
    if statement.doubt:
        yield statement.doubt
    for each in decision.undecided:
        yield f"{statement.title} asks {each.operator} of `{each.key}`, which is not known here"
    if widest(statement) is not statement:
        yield f"{statement.title} uses a policy variable, which may stand for anything"
