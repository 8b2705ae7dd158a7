"""The channels of one kind, the policies they carry, and what of them a statement names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from topology import arn as arns
from topology.catalog.service import Chosen, Of, Write
from topology.graph import Facts, Gap, Graph, Resource
from topology.iam import documents, permits, wildcards
from topology.iam.conditions import Truth, decide
from topology.iam.documents import Effect, PolicyError, Statement
from topology.iam.permits import Measure, Owner, Principal
from topology.inference.arn_index import ArnIndex
from topology.sets import strings
from topology.sets.events import Path
from topology.sets.strings import StringSet

MANY = 20  # a pattern that names more channels than this is taken for "any"
MALFORMED = "MalformedPolicyDocument"
POLICIES = ("policy", "shares")  # the owner's own, and what AWS RAM adds for whom it is shared with
STRANGER = "\ufffd"  # a name nobody gave


class Setting(NamedTuple):
    """What a permission on a channel depends on besides its ARN."""

    owner: Owner
    region: str


class Channels:
    """The channels of one kind, and how statements relate to them.

    A statement *touches* a channel if it names a part of it, a key or a version, and *covers* it
    if it names all of it: IAM compares ``<arn><keyed><key>`` where there are keys.
    """

    def __init__(self, kind: str, keyed: str | None, graph: Graph) -> None:
        found = [
            *graph.of_kind.get(kind, ()),
            *graph.outside_of.get(kind.partition(".")[0], ()),
        ]
        self.gaps: set[Gap] = set()
        self._resources = graph.resources
        self._plain: dict[tuple[str, str, bool], Setting] = {}  # what many share
        self.settings = {each.arn: self._setting(each) for each in found}
        self.all = frozenset(self.settings)
        self.keyed = keyed
        self._arn_of = {f"{arn}{keyed}": arn for arn in self.all} if keyed else {}
        self._index = ArnIndex(self._arn_of if keyed else self.all)
        self._named: dict[tuple[bool, tuple[str, ...]], frozenset[str]] = {}
        self._wide: dict[str, bool] = {}
        self._reached: dict[tuple[str, str], frozenset[str]] = {}
        self._nearby: dict[str, frozenset[str]] = {}

    @cached_property
    def policed(self) -> frozenset[str]:
        """Channels whose own policy speaks of roles: each is judged by itself, not with others."""
        return frozenset(arn for arn, each in self.settings.items() if each.owner.policy)

    @cached_property
    def _allowed_by_policy(self) -> Mapping[str, frozenset[str]]:
        """Policed channels by whom they allow something; at home "the account" allows nobody."""
        found: dict[str, set[str]] = defaultdict(set)
        for arn in self.policed:
            owner = self.settings[arn].owner
            for statement in owner.policy or ():
                if statement.effect is Effect.ALLOW:
                    for name in permits.spoken_of(statement):
                        found[name].add(arn)
            found[owner.account].discard(arn)
        return {name: frozenset(arns) for name, arns in found.items()}

    def allowed_by_policy(self, principal: Principal) -> frozenset[str]:
        """Channels whose own policy may allow a principal something its policies do not."""
        names = permits.called(principal)
        return all_of(self._allowed_by_policy.get(name, frozenset()) for name in names)

    @cached_property
    def by_setting(self) -> Mapping[Setting, frozenset[str]]:
        """The channels that differ in nothing but their ARN."""
        groups: dict[Setting, set[str]] = defaultdict(set)
        for arn, setting in self.settings.items():
            groups[setting].add(arn)
        return {setting: frozenset(group) for setting, group in groups.items()}

    def may_reach(self, pattern: str, account: str) -> frozenset[str]:
        """At least every channel of which a role of an account may be allowed a part by a pattern.

        Elsewhere a channel's own policy has to allow it too: one that was read is asked for that.
        """
        known = self._arn_of.get(pattern.removesuffix("*")) if self.keyed else pattern
        if known in self.settings and (self.keyed or _is_canonical(pattern)):
            owner = self.settings[known].owner
            if owner.account == account or owner.policy is None:
                return frozenset((known,))
        found = self._reached.get((pattern, account))
        if found is None:
            touched = self._matching(False, (permits.without_variables(pattern),))
            found = touched & self._near(account) if touched else touched
            self._reached[pattern, account] = found
        return found

    def beside(self, patterns: tuple[str, ...], account: str) -> frozenset[str]:
        """As ``may_reach``, for a statement that names what it is not about."""
        kept = tuple(each for each in patterns if "${" not in each)
        return self._near(account) - self._matching(True, kept)

    def _near(self, account: str) -> frozenset[str]:
        """The channels of an account, and those whose own policy was not read."""
        if account not in self._nearby:
            of_account, unread = self._by_account
            self._nearby[account] = all_of((of_account.get(account, frozenset()), unread))
        return self._nearby[account]

    @cached_property
    def _by_account(self) -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
        """The channels of every account, and those of any whose own policy was not read."""
        groups: dict[str, list[str]] = defaultdict(list)
        unread: list[str] = []
        for arn, setting in self.settings.items():
            groups[setting.owner.account].append(arn)
            if setting.owner.policy is None:
                unread.append(arn)
        of_account = {account: frozenset(group) for account, group in groups.items()}
        return of_account, frozenset(unread)

    def touched(self, statement: Statement) -> frozenset[str]:
        """Channels of which a statement names a part."""
        if statement.not_resources:
            return self.all - self._matching(True, statement.resources)
        return self._matching(False, statement.resources)

    def covered(self, statement: Statement) -> frozenset[str]:
        """Channels of which a statement names all."""
        if statement.not_resources:
            return self.all - self._matching(False, statement.resources)
        return self._matching(True, statement.resources)

    def contested(self, statements: Iterable[Statement]) -> frozenset[str]:
        """Channels of which one of the statements names a part but not all."""
        return all_of(self.touched(each) - self.covered(each) for each in statements)

    def whole(self, among: frozenset[str]) -> Measure[frozenset[str]]:
        """A measure in whole channels, of those among some."""
        return Measure(
            lambda statements: among.intersection(all_of(map(self.covered, statements))),
            lambda statements: among.intersection(all_of(map(self.touched, statements))),
        )

    def keys(self, arn: str) -> Measure[StringSet]:
        """A measure of one channel: the keys that are named; without keys, all or nothing."""
        exact = self._exact_keys if self.keyed is not None else self._all_or_nothing
        known: dict[tuple[Statement, ...], StringSet] = {}  # they are weighed over and over

        def named(statements: tuple[Statement, ...]) -> StringSet:
            if statements not in known:
                known[statements] = exact(arn, statements)
            return known[statements]

        return Measure(named, named)

    def _exact_keys(self, arn: str, statements: Sequence[Statement]) -> StringSet:
        touching = [each for each in statements if arn in self.touched(each)]
        return permits.arns(touching).after(f"{arn}{self.keyed}")

    def _all_or_nothing(self, arn: str, statements: Sequence[Statement]) -> StringSet:
        """To allow a part (a version of a function) is to allow; to deny a part is not to deny."""
        for each in statements:
            if arn in (self.touched(each) if each.effect is Effect.ALLOW else self.covered(each)):
                return strings.ANY
        return strings.NOTHING

    def chosen(self, write: Write, arn: str) -> Mapping[Chosen, Path]:
        """What the writer of a channel chooses, and where its events carry it."""
        paths = {each: _path(each, self._resources[arn].attributes) for each in write.chosen}
        return {each: path for each, path in paths.items() if path is not None}

    def by_chosen(
        self, write: Write, among: frozenset[str]
    ) -> list[tuple[dict[str, bool], frozenset[str]]]:
        """Channels by the condition keys that can be followed there, as ``choices`` takes them."""
        if not write.chosen:
            return [({}, among)]
        groups: dict[tuple[tuple[str, bool], ...], set[str]] = defaultdict(set)
        for arn in among:
            known = self.chosen(write, arn)
            groups[tuple((each.key, each.together) for each in known)].add(arn)
        return [(dict(keys), frozenset(group)) for keys, group in groups.items()]

    def split(self, allow: Statement) -> tuple[Statement | None, Statement | None]:
        """An Allow as the patterns that pick channels out, and those that mean any channel."""
        if allow.not_resources:
            return None, allow
        wide = tuple(pattern for pattern in allow.resources if self._is_wide(pattern))
        narrow = tuple(pattern for pattern in allow.resources if not self._is_wide(pattern))
        if not (wide and narrow):
            return (None, allow) if wide else (allow, None)
        return replace(allow, resources=narrow), replace(allow, resources=wide)

    def _is_wide(self, pattern: str) -> bool:
        """Whether a pattern names many channels, or would name one of any other name as well."""
        if pattern not in self._wide:
            open_pattern = permits.without_variables(pattern)
            named = self._matching(False, (open_pattern,))
            self._wide[pattern] = len(named) > MANY or any(
                self._would_touch(open_pattern, _renamed(arn)) for arn in sorted(named)[:1]
            )
        return self._wide[pattern]

    def _would_touch(self, pattern: str, arn: str) -> bool:
        text = f"{arn}{self.keyed or ''}"
        return any(wildcards.matches(head, text) for head in self._heads(pattern))

    def _matching(self, wholly: bool, patterns: tuple[str, ...]) -> frozenset[str]:
        found = self._named.get((wholly, patterns))
        if found is None:
            match = self._covering if wholly else self._touching
            found = all_of(map(match, patterns))
            self._named[wholly, patterns] = found
        return found

    def _covering(self, pattern: str) -> frozenset[str]:
        if self.keyed is None:
            return self._index.matching(pattern)
        return self._without_key(pattern) if pattern.endswith("*") else frozenset()

    def _touching(self, pattern: str) -> frozenset[str]:
        return all_of(map(self._without_key, self._heads(pattern)))

    def _without_key(self, head: str) -> frozenset[str]:
        found = self._index.matching(head)
        return frozenset(map(self._arn_of.__getitem__, found)) if self.keyed else found

    def _heads(self, pattern: str) -> Iterator[str]:
        """Patterns that match ``<arn><keyed>`` exactly where ``pattern`` matches it and some key.

        A first star may take in the rest of the ARN and whatever follows; before it every
        character stands for itself, so the pattern has to pass the end of ``keyed``.
        """
        if not self.keyed:
            yield pattern
            if arns.is_arn(pattern):
                yield arns.canonical(pattern)[0]
            return
        for place, character in enumerate(pattern, start=1):
            if character in ("*", "?", self.keyed[-1]):
                yield pattern[:place]
            if character == "*":
                return

    def _setting(self, resource: Resource) -> Setting:
        policy = self._policy(resource)
        if policy:
            return Setting(Owner(resource.account, policy), resource.region)
        place = (resource.account, resource.region, policy is None)
        if place not in self._plain:
            self._plain[place] = Setting(Owner(resource.account, policy), resource.region)
        return self._plain[place]

    def _policy(self, resource: Resource) -> tuple[Statement, ...] | None:
        """What a resource's own policy says of roles; None where it was not read."""
        if "policy" not in resource.attributes:
            return None
        known = [resource.attributes.get(key) for key in POLICIES]
        known += resource.attributes.get("alias_policies", {}).values()
        statements: list[Statement] = []
        for document in filter(None, known):
            try:
                statements += documents.parse(document, f"of {resource.name}")
            except PolicyError as error:
                reason = f"the policy of {resource.name} cannot be read ({error})"
                where = (resource.account, resource.region, resource.read, "", resource.arn)
                self.gaps.add(Gap(*where, MALFORMED, reason))
                return (documents.supposed(reason),)
        return tuple(each for each in statements if _may_concern_a_role(each))


def all_of(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """The union; a single set, which may be large, is not copied."""
    found = [each for each in sets if each]
    return found[0].union(*found[1:]) if len(found) > 1 else found[0] if found else frozenset()


def _path(chosen: Chosen, facts: Facts) -> Path | None:
    """A path's steps, as patterns split them; None where the channel does not tell one of them."""
    steps = [facts.get(step.key, "") if isinstance(step, Of) else step for step in chosen.at]
    return tuple(".".join(steps).split(".")) if all(steps) else None


def _may_concern_a_role(statement: Statement) -> bool:
    """Not where only services are named, or where no call of a role meets the conditions."""
    services = (":" not in each and "." in each for each in statement.principals)
    if not statement.not_principals and all(services):
        return False
    return decide(statement.conditions, permits.OF_A_ROLE).truth is not Truth.FALSE


def _is_canonical(arn: str) -> bool:
    try:
        return arns.canonical(arn)[0] == arn
    except arns.ArnError:
        return True


def _renamed(arn: str) -> str:
    return f"{arn.removesuffix(arns.name(arn))}{STRANGER}"
