"""What runs right now: metrics, traces and a trail, asked of what lies on loops and of no more.

Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html,
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from topology.catalog.service import Call, Here, Item, Service
from topology.crawl.ask import ask
from topology.crawl.errors import OutOfTimeError, code_of, reason_of
from topology.crawl.session import Connection, Identity, opened
from topology.evidence import metrics, runtime
from topology.graph import Edge, Gap, Resource

Progress = Callable[[str, int, int], None]
BUDGET = 60.0  # seconds for everything, which bounds CloudTrail's lookups at some 120 pages
SEEN = timedelta(hours=6)  # the longest that X-Ray tells of in one call
NOT_WHOLE = ("InternalError", "Forbidden")  # a metric's own status inside a 200

CLOUDWATCH = Service("cloudwatch", "CloudWatch metrics", rate=10)
XRAY = Service("xray", "X-Ray")
CLOUDTRAIL = Service("cloudtrail", "CloudTrail", rate=2)


@dataclass(frozen=True, slots=True)
class Running:
    """What was seen of resources, as attributes by ARN, and how many metrics were paid for.

    ``gaps`` are gaps of evidence: they hide no edge and no loop, so they belong in no ledger and
    leave a scope as complete as it is. Whoever was to be watched says them as ``unwatched``.
    """

    facts: Mapping[str, Mapping[str, Any]]
    gaps: tuple[Gap, ...]
    metrics_asked: int = 0

    @property
    def dollars(self) -> float:
        """What CloudWatch charges for the metrics."""
        return self.metrics_asked * metrics.DOLLARS


def observe_running(
    connection: Connection,
    identity: Identity,
    region: str,
    resources: Iterable[Resource],
    edges: Iterable[Edge] = (),
    progress: Progress | None = None,
) -> Running:
    """Watch ``resources`` of one region, the rules among ``edges`` with them.

    Never raises for what AWS answers: an error is a gap that names the action. ``progress`` is as
    for ``observe``. Raises ``CrawlError`` where the connection itself cannot be used.
    """
    watched = sorted(each for each in resources if each.region == region)
    if not watched:
        return Running({}, ())
    watch = _Watch(connection, identity, region, progress)
    asked = metrics.metrics(watched, tuple(edges))
    actors = [each for each in watched if each.kind == "lambda.function"]
    watch.expect(-(-len(asked) // metrics.AT_ONCE) + 1 + len(actors))
    facts: dict[str, dict[str, Any]] = {}
    for batch, parameters in metrics.calls(asked, watch.now):
        pages = watch.read(CLOUDWATCH, "get_metric_data", parameters)
        watch.check(batch, pages)
        for arn, told in metrics.rates(batch, pages, parameters["EndTime"]).items():
            known = facts.setdefault(arn, {}).setdefault("rates", told)
            known["metrics"] = {**known["metrics"], **told["metrics"]}
    within = {"StartTime": watch.now - SEEN, "EndTime": watch.now}
    pages = watch.read(XRAY, "get_service_graph", within)
    nodes = [node for page in pages for node in page.get("Services", ())]
    for arn, rows in runtime.traced(nodes, watched, region).items():
        facts.setdefault(arn, {}).setdefault("observed", []).extend(rows)
    for actor in actors:
        of_actor = {"AttributeKey": "Username", "AttributeValue": actor.name}
        parameters = {**within, "LookupAttributes": [of_actor]}
        pages = watch.read(CLOUDTRAIL, "lookup_events", parameters, actor.arn)
        events = [event for page in pages for event in page.get("Events", ())]
        if rows := runtime.recorded(events, actor, watched):
            facts.setdefault(actor.arn, {}).setdefault("observed", []).extend(rows)
    for gap in watch.gaps:
        for each in watched if not gap.resource else [r for r in watched if r.arn == gap.resource]:
            said = facts.setdefault(each.arn, {}).setdefault("unwatched", [])
            said.append(f"{gap.action} ({gap.code})")
    told = {arn: {key: _once(of[key]) for key in sorted(of)} for arn, of in sorted(facts.items())}
    return Running(told, tuple(sorted(watch.gaps)), len(asked))


class _Watch:
    """The calls of one watching, within one budget; what fails is a gap."""

    def __init__(
        self, connection: Connection, identity: Identity, region: str, progress: Progress | None
    ) -> None:
        self.now = datetime.now(UTC)
        self.gaps: set[Gap] = set()
        self._session = opened(connection)
        self._here = Here(identity.partition, identity.account, region)
        self._deadline = time.monotonic() + BUDGET
        self._progress = progress
        self._done = self._expected = 0

    def expect(self, calls: int) -> None:
        """Say how many calls there will be."""
        self._expected = calls

    def read(
        self,
        service: Service,
        operation: str,
        parameters: Mapping[str, object],
        resource: str = "",
    ) -> Sequence[Item]:
        """Every page of one call that came."""
        call = Call(operation, parameters=parameters)
        error: Exception | None = OutOfTimeError()
        pages: Sequence[Item] = ()
        if time.monotonic() < self._deadline:
            place = self._session, self._here.region, service, call, self._here
            answer = ask(*place, deadline=self._deadline)
            pages, error = answer.items, answer.error
        if error is not None:
            self._gap(service, call, resource, code_of(error), reason_of(error))
        self._done += 1
        if self._progress:
            self._progress(service.name_of(call), self._done, self._expected)
        return pages

    def check(self, batch: Sequence[metrics.Metric], pages: Iterable[Item]) -> None:
        """A metric that CloudWatch answers 200 for without its values is a gap too."""
        call = Call("get_metric_data")
        for row in (row for page in pages for row in page.get("MetricDataResults", ())):
            if row.get("StatusCode") in NOT_WHOLE:
                arn = batch[int(row["Id"][1:])].arn
                reason = "CloudWatch gave no values of a metric"
                self._gap(CLOUDWATCH, call, arn, row["StatusCode"], reason)

    def _gap(self, service: Service, call: Call, resource: str, code: str, reason: str) -> None:
        account, region = self._here.account, self._here.region
        name, action = service.name_of(call), service.action_of(call)
        self.gaps.add(Gap(account, region, name, action, resource, code, reason))


def _once(value: Any) -> Any:
    return sorted(set(value)) if isinstance(value, list) and isinstance(value[0], str) else value
