"""May a role write to this channel? Every action weighed, with one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from topology.iam import permits
from topology.iam.documents import Statement
from topology.iam.permits import Permission, Principal
from topology.inference.channels import Channels
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
    """What a role may do to a channel: with which actions, to which keys, by which statements."""

    outcome: Outcome
    actions: tuple[str, ...]
    keys: StringSet
    allows: tuple[Statement, ...]
    denies: tuple[Statement, ...]
    doubts: tuple[str, ...]

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


def rule(
    channels: Channels, principal: Principal, actions: Sequence[str], arn: str
) -> Ruling | None:
    """Judge a channel; None where nothing allows any of the actions."""
    setting = channels.settings[arn]
    asked = permits.request(principal, setting.owner.account, setting.region)
    measure = channels.keys(arn)
    weighed = {
        group: permits.weigh(principal, group[0], asked, setting.owner, measure)
        for group in alike(actions, principal, setting.owner.policy or ())
    }
    if allowed := {group: each for group, each in weighed.items() if not _is_empty(each.may)}:
        doubts = _doubts(allowed.values())
        outcome = Outcome.DOUBTFUL if doubts else Outcome.SURE
        keys = strings.union(each.may for each in allowed.values())
        return _ruling(outcome, allowed, keys, doubts)
    if denied := {group: each for group, each in weighed.items() if not _is_empty(each.granted)}:
        keys = strings.union(each.granted for each in denied.values())
        return _ruling(Outcome.DENIED, denied, keys, ())
    return None


def alike(
    actions: Iterable[str], principal: Principal, policy: Sequence[Statement]
) -> tuple[tuple[str, ...], ...]:
    """The actions in groups that no statement tells apart."""
    statements = [*principal.identity, *policy]
    for ceiling in principal.ceilings:
        statements += ceiling
    groups: dict[tuple[bool, ...], list[str]] = {}
    for action in actions:
        groups.setdefault(tuple(each.is_about(action) for each in statements), []).append(action)
    return tuple(map(tuple, groups.values()))


def _ruling(
    outcome: Outcome,
    weighed: dict[tuple[str, ...], Permission[StringSet]],
    keys: StringSet,
    doubts: tuple[str, ...],
) -> Ruling:
    allows = dict.fromkeys(one for each in weighed.values() for one in each.allows)
    denies = dict.fromkeys(one for each in weighed.values() for one in each.denies)
    actions = tuple(sorted(action for group in weighed for action in group))
    return Ruling(outcome, actions, keys, tuple(allows), tuple(denies), doubts)


def _doubts(allowed: Iterable[Permission[StringSet]]) -> tuple[str, ...]:
    """Why what may be done is more than what surely may; nothing where it is not."""
    doubts = tuple(dict.fromkeys(doubt for each in allowed for doubt in each.doubts))
    if not doubts:
        return ()
    may = strings.union(each.may for each in allowed)
    surely = strings.union(each.surely for each in allowed)
    try:
        return () if may.is_subset(surely) else doubts
    except TooComplex:
        return doubts


def _is_empty(keys: StringSet) -> bool:
    """Whether the set is known to be empty."""
    try:
        return keys.is_empty()
    except TooComplex:
        return False
