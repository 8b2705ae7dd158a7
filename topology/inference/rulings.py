"""May a role write to this channel? Every action weighed, with one sentence that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from topology.catalog.service import Write
from topology.iam import permits
from topology.iam.choices import Choice, Filled, choices, merged
from topology.iam.documents import Statement
from topology.iam.permits import Measure, Permission, Principal
from topology.inference.channels import Channels, Setting
from topology.sets import strings
from topology.sets.strings import StringSet, TooComplex
from topology.verdict import Always, Cannot, Hop, Unknown


class Outcome(StrEnum):
    """How sure a permission is."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    DENIED = "denied"  # allowed, but for an explicit Deny


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a role may do to a channel: with which actions, to what, by which statements.

    ``reached`` are the keys it may write, by what condition keys have to be filled with for that.
    """

    outcome: Outcome
    actions: tuple[str, ...]
    reached: tuple[tuple[Filled, StringSet], ...]
    allows: tuple[Statement, ...]
    denies: tuple[Statement, ...]
    doubts: tuple[str, ...]

    @property
    def keys(self) -> StringSet:
        """The keys it may write, whatever it has to fill in for that."""
        return strings.union(keys for _, keys in self.reached)

    @property
    def titles(self) -> tuple[str, ...]:
        """The names of the statements that allow it; none where that is only supposed."""
        return tuple(each.title for each in self.allows if not each.doubt)

    def hop(self, role: str, deed: str) -> Hop:
        """The ruling as a sentence; ``deed`` goes after "may": ``write to *invoices*``."""
        allowed = " and ".join(self.titles)
        by = f" ({allowed})" if allowed else ""
        match self.outcome:
            case Outcome.SURE:
                return Always(f"Role *{role}* may {deed}{by}.")
            case Outcome.DOUBTFUL:
                doubts = "; ".join(self.doubts)
                return Unknown(f"Role *{role}* may {deed}{by}, but it is not certain: {doubts}.")
            case Outcome.DENIED:
                denied = " and ".join(each.title for each in self.denies)
                although = f", which {allowed} would allow" if allowed else ""
                return Cannot(f"Role *{role}* may not {deed}{although}: {denied} denies it.")


def rule(channels: Channels, principal: Principal, write: Write, arn: str) -> Ruling | None:
    """Judge a write to a channel; None where nothing allows any of its actions."""
    together = {each.key: each.together for each in channels.chosen(write, arn)}
    return judge(principal, write.actions, channels.settings[arn], channels.keys(arn), together)


class _Weighed(NamedTuple):
    """What is permitted of a group of actions that no statement tells apart."""

    actions: tuple[str, ...]
    choice: Choice
    permission: Permission[StringSet]


def judge(
    principal: Principal,
    actions: Sequence[str],
    setting: Setting,
    measure: Measure[StringSet],
    chosen: Mapping[str, bool],
) -> Ruling | None:
    """Judge some actions in a setting; None where nothing allows any of them.

    ``chosen`` are the condition keys that the caller fills, as ``choices`` takes them.
    """
    asked = permits.request(principal, setting.owner.account, setting.region)
    about = statements_about(actions, principal, setting.owner.policy or ())
    weighed = [
        _Weighed(group, choice, permits.weigh(principal, group[0], known, setting.owner, measure))
        for choice in choices(chosen, about)
        for known in [{**asked, **choice.request} if choice.request else asked]
        for group in alike(actions, about)
    ]
    if allowed := [each for each in weighed if not is_empty(each.permission.may)]:
        doubts = _doubts(allowed)
        outcome = Outcome.DOUBTFUL if doubts else Outcome.SURE
        return _ruling(outcome, allowed, lambda permission: permission.may, doubts)
    if denied := [each for each in weighed if not is_empty(each.permission.granted)]:
        return _ruling(Outcome.DENIED, denied, lambda permission: permission.granted, ())
    return None


def statements_about(
    actions: Sequence[str], principal: Principal, policy: Sequence[Statement]
) -> list[Statement]:
    """Everything that may decide on some actions, wherever it is said."""
    statements = [*principal.identity, *policy]
    for ceiling in principal.ceilings:
        statements += ceiling
    return [each for each in statements if any(map(each.is_about, actions))]


def alike(actions: Iterable[str], statements: Sequence[Statement]) -> tuple[tuple[str, ...], ...]:
    """The actions in groups that no statement tells apart."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for action in actions:
        groups.setdefault(tuple(each.is_about(action) for each in statements), []).append(action)
    return tuple(map(tuple, groups.values()))


def _ruling(
    outcome: Outcome,
    weighed: Sequence[_Weighed],
    keys: Callable[[Permission[StringSet]], StringSet],
    doubts: tuple[str, ...],
) -> Ruling:
    reached = [
        (choice.filled, strings.union(keys(each.permission) for each in group))
        for choice, group in _by_choice(weighed)
    ]
    return Ruling(
        outcome,
        tuple(sorted({action for each in weighed for action in each.actions})),
        merged(reached),
        tuple(dict.fromkeys(one for each in weighed for one in each.permission.allows)),
        tuple(dict.fromkeys(one for each in weighed for one in each.permission.denies)),
        doubts,
    )


def _by_choice(weighed: Iterable[_Weighed]) -> list[tuple[Choice, list[_Weighed]]]:
    groups: dict[Choice, list[_Weighed]] = {}
    for each in weighed:
        groups.setdefault(each.choice, []).append(each)
    return list(groups.items())


def _doubts(allowed: Sequence[_Weighed]) -> tuple[str, ...]:
    """Why what may be done is more than what surely may; nothing where it is not."""
    return tuple(
        dict.fromkeys(
            doubt
            for _, group in _by_choice(allowed)
            for doubt in _doubts_of([each.permission for each in group])
        )
    )


def _doubts_of(allowed: Sequence[Permission[StringSet]]) -> tuple[str, ...]:
    doubts = tuple(doubt for each in allowed for doubt in each.doubts)
    if not doubts:
        return ()
    may = strings.union(each.may for each in allowed)
    surely = strings.union(each.surely for each in allowed)
    try:
        return () if may.is_subset(surely) else doubts
    except TooComplex:
        return doubts


def is_empty(keys: StringSet) -> bool:
    """Whether the set is known to be empty."""
    try:
        return keys.is_empty()
    except TooComplex:
        return False
