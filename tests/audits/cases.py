"""For every rule a world that fails, its nearest twin that passes, and one nobody could ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.world import ACCOUNT, REGION, World, allow
from topology import catalog
from topology.analysis import analyse
from topology.audits.known import Known
from topology.evidence.code.kept import to_facts
from topology.evidence.code.reading import Reading
from topology.graph import Filter, Gap, Meaning, Read, ReadStatus, Resource

QUEUE: dict[str, Any] = {
    "fifo": False,
    "visibility_timeout": 180,
    "retention": 345_600,
    "max_receives": 5,
}
SQS: dict[str, Any] = {"uuid": "u-1", "batch_size": 10, "partial_batch": True, "max_concurrency": 5}
STREAM: dict[str, Any] = {
    "uuid": "u-2",
    "batch_size": 100,
    "max_retries": 3,
    "max_age": -1,
    "bisects": True,
}
ON = Meaning.TRIGGERS


def ledger() -> tuple[Read, ...]:
    """Every call of the catalog, read completely."""
    names = {service.name_of(call) for service in catalog.services() for call in service.calls}
    done = ReadStatus.COMPLETE
    return tuple(Read(ACCOUNT, REGION, name, "", done, 1, 1) for name in sorted(names))


def gap(call: str, resource: str = "", code: str = "AccessDenied") -> Gap:
    """A call that AWS refused."""
    return Gap(ACCOUNT, REGION, call, "an:Action", resource, code, "refused")


@dataclass
class Case:
    """A world with what could not be read of it."""

    world: World = field(default_factory=World)
    gaps: tuple[Gap, ...] = ()

    def known(self) -> Known:
        return Known(analyse(self.world.graph()), ledger(), self.gaps)


@dataclass(frozen=True)
class Twins:
    """``says`` is what the finding's reason holds, ``reason`` why the third could not be asked."""

    failing: Callable[[], Case]
    passing: Callable[[], Case]
    unread: Callable[[], Case] | None
    says: str
    reason: str = ""


def refused(call: str) -> Callable[[], Case]:
    """Nothing was seen, for a list was refused."""
    return lambda: Case(World(), (gap(call),))


def queued(mapping: Mapping[str, Any] = SQS, timeout: int | None = 30, **queue: Any) -> Case:
    """A queue that a function reads; without facts its attributes were not read."""
    world = World()
    facts = {name: value for name, value in queue.items() if value is not None}
    jobs = world.queue("jobs", **facts)
    known: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
    world.edge(jobs, world.function("work", **known), ON, "esm.sqs.lambda", **mapping)
    return Case(world)


def streamed(**mapping: Any) -> Case:
    world = World()
    _, changes = world.table("orders")
    work = world.function("work")
    world.edge(changes, work, ON, "esm.dynamodb.lambda", "orders to work", **mapping)
    if mapping.get("kept"):
        world.edge(work, world.queue("dead"), Meaning.ON_FAILURE, "esm.onfailure", "orders to work")
    return Case(world)


def without(facts: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


def fifo_topic(topic: bool | None, queue: bool) -> Case:
    world = World()
    news = world.topic("news", **({} if topic is None else {"fifo": topic}))
    world.subscribe(news, world.queue("jobs", **{**QUEUE, "fifo": queue}))
    return Case(world)


def dead_letters(comes_back: bool, is_outside: bool = False) -> Case:
    world = World()
    dead, work = world.queue("dead", **QUEUE), world.function("work")
    if is_outside:
        dead = f"arn:aws:sqs:{REGION}:999999999999:dead"
    world.on_failure(work, dead)
    if comes_back:
        world.listen(dead, work)
    return Case(world)


def notified(kept: bool, gaps: tuple[Gap, ...] = ()) -> Case:
    """A bucket that starts a function, with or without a destination on failure."""
    world = World()
    work = world.function("work")
    world.notify(world.bucket("files"), work, prefix="in/")
    if kept:
        world.on_failure(work, world.queue("dead"))
    return Case(world, gaps)


def coded(*uses: str, language: str = "javascript") -> Case:
    world = World()
    facts = to_facts(Reading(language, 3, uses=uses), "sha")
    world.notify(world.bucket("files"), world.function("work", code=facts), prefix="in/")
    return Case(world)


def ruled(kept: bool = False, heard: Mapping[str, Any] | None = None) -> Case:
    world = World()
    bus, work = world.bus(), world.function("work")
    world.rule(bus, work, {"source": ["shop"]} if heard is None else heard)
    if kept:
        world.edge(bus, world.queue("dead"), Meaning.ON_FAILURE, "eb.rule.dlq", "rule/1")
    return Case(world)


def subscribed(kept: bool = False, heard: Filter | None = None, many: int = 1) -> Case:
    world = World()
    news = world.topic("news")
    for number in range(many):
        world.subscribe(news, world.function(f"work-{number}"), heard)
    if kept:
        world.edge(news, world.queue("dead"), Meaning.ON_FAILURE, "sns.sub.redrive")
    return Case(world)


def uploads(prefix: str = "", readable: bool = True) -> Case:
    world = World()
    files, work = world.bucket("files"), world.function("work")
    if readable:
        world.notify(files, work, prefix=prefix)
    else:
        world.edge(files, work, ON, "s3.notif.lambda", heard=Filter("s3.notification", "{"))
    return Case(world)


def logging(target: str) -> Case:
    world = World()
    files = world.bucket("files")
    end = files if target == "files" else world.bucket(target)
    world.edge(files, end, Meaning.WRITES, "s3.logging")
    return Case(world)


def own_log(whose: str) -> Case:
    world = World()
    work, other = world.function("work"), world.function("other")
    group, others = world.logs_of(work), world.logs_of(other)
    world.read_logs(group if whose == "work" else others, work)
    return Case(world)


def permitted(*statements: Mapping[str, Any], role: bool = True) -> Case:
    """A function with these permissions, and two queues that somebody listens to."""
    world = World()
    world.function("work", *statements)
    if not role:
        world.resources = [each for each in world.resources if each.kind != "iam.role"]
    for name in ("jobs", "mails"):
        world.listen(world.queue(name, policy=None), world.function(f"{name}-reader"))
    return Case(world)


def looped(prefix: str = "") -> Case:
    """A function that writes to the bucket that starts it, as its environment says."""
    world = World()
    files = world.bucket("files", policy=None)
    to = allow("s3:PutObject", f"{files}/{prefix}*")
    work = world.function("work", to, names=[files], recursive_loop="Allow")
    world.notify(files, work, prefix="in/" if prefix else "")
    return Case(world)


def guarded(switch: str | None) -> Case:
    world = World()
    files = world.bucket("files", policy=None)
    facts = {} if switch is None else {"recursive_loop": switch}
    work = world.function("work", allow("s3:PutObject", f"{files}/*"), names=[files], **facts)
    world.notify(files, work)
    return Case(world)


def shared(**facts: Any) -> Case:
    """A function that people wait for, beside one that a queue starts without a limit."""
    world = World()
    jobs, work = world.queue("jobs", **QUEUE), world.function("work", **facts)
    world.edge(jobs, work, ON, "esm.sqs.lambda", batch_size=1)
    api = world.http_api("shop")
    front = world.function("front", reserved_concurrency=None)
    world.edge(api, front, ON, "apigw.http.lambda")
    return Case(world)


def called(timeout: int | None) -> Case:
    world = World()
    facts: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
    world.edge(world.http_api("shop"), world.function("work", **facts), ON, "apigw.rest.lambda")
    return Case(world)


def read_by(number: int, gaps: tuple[Gap, ...] = ()) -> Case:
    world = World()
    _, changes = world.table("orders")
    for each in range(number):
        world.listen(changes, world.function(f"work-{each}"))
    return Case(world, gaps)


def chained(receives: int, gaps: tuple[Gap, ...] = ()) -> Case:
    """A notification, a function, a queue and another function: attempts multiply."""
    world = World()
    jobs = world.queue("jobs", **{**QUEUE, "max_receives": receives, "policy": None})
    to = allow("sqs:SendMessage", jobs)
    first, second = world.function("first", to, names=[jobs]), world.function("second")
    world.notify(world.bucket("files"), first, prefix="in/")
    world.edge(jobs, second, ON, "esm.sqs.lambda", **SQS)
    return Case(world, gaps)


def alarm(world: World, name: str = "alarm", **facts: Any) -> str:
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"
    world.resources.append(Resource(arn, "cloudwatch.alarm", ACCOUNT, REGION, name, facts))
    return arn


def alarmed(case: Case, metric: str, *, queue: bool = False, refused: bool = False) -> Case:
    """The case with an alarm on a metric of its function or its first queue."""
    kind = "sqs.queue" if queue else "lambda.function"
    if refused:
        return Case(case.world, (gap("cloudwatch.describe_alarms"),))
    if metric:
        arns = [each.arn for each in case.world.resources if each.kind == kind]
        for arn in arns:
            told = alarm(case.world, arn.rpartition(":")[2])
            case.world.edge(arn, told, Meaning.FORWARDS, "cw.metric", metric)
    return case


def told(action: str, heard: bool = False) -> Case:
    world = World()
    over, bus = alarm(world), world.bus()
    world.edge(over, bus, Meaning.FORWARDS, "cw.alarm.event")
    if action:
        world.edge(over, world.topic("ops"), Meaning.FORWARDS, "cw.alarm", action)
    if heard:
        world.rule(bus, world.function("work"), {"source": ["aws.cloudwatch"]})
    return Case(world)


def logged(exists: bool = True, gaps: tuple[Gap, ...] = (), **facts: Any) -> Case:
    world = World()
    group = world.logs_of(world.function("work"))
    world.resources = [each for each in world.resources if each.arn != group]
    if exists:
        name = group.partition(":log-group:")[2]
        world.resources.append(Resource(group, "logs.loggroup", ACCOUNT, REGION, name, facts))
    return Case(world, gaps)


def traced(mode: str | None) -> Case:
    world = World()
    world.notify(world.bucket("files"), world.function("work", tracing=mode), prefix="in/")
    return Case(world)


ALARMS = "cloudwatch.describe_alarms"
CONFIGS = "lambda.list_function_event_invoke_configs"
TARGETS, SUBSCRIPTIONS = "events.list_targets_by_rule", "sns.list_subscriptions"

TWINS: Mapping[str, Twins] = {
    "poison-message": Twins(
        lambda: queued(**without(QUEUE, "max_receives")),
        lambda: queued(**QUEUE),
        lambda: queued(),
        "1,920 times until its 4 days are over",
        "attributes were not read",
    ),
    "overlapping-attempts": Twins(
        lambda: queued(**{**QUEUE, "visibility_timeout": 30}),
        lambda: queued(**QUEUE),
        lambda: queued(timeout=None, **QUEUE),
        "hidden for 30 s",
        "the timeout of the function",
    ),
    "given-up-too-soon": Twins(
        lambda: queued(**{**QUEUE, "max_receives": 4}),
        lambda: queued(**QUEUE),
        lambda: queued(),
        "after 4 receives",
        "attributes were not read",
    ),
    "whole-batch-again": Twins(
        lambda: queued(without(SQS, "partial_batch"), **QUEUE),
        lambda: queued(**QUEUE),
        lambda: queued(without(SQS, "batch_size"), **QUEUE),
        "up to 10 messages",
        "batch size",
    ),
    "order-lost": Twins(
        lambda: fifo_topic(True, queue=False),
        lambda: fifo_topic(True, queue=True),
        lambda: fifo_topic(None, queue=False),
        "a standard queue",
        "FIFO was not read",
    ),
    "dead-letters-come-back": Twins(
        lambda: dead_letters(comes_back=True),
        lambda: dead_letters(comes_back=False),
        lambda: dead_letters(comes_back=False, is_outside=True),
        "a failure has no end",
        "in no account that was read",
    ),
    "blocked-shard": Twins(
        lambda: streamed(**{**STREAM, "max_retries": -1}),
        lambda: streamed(**STREAM),
        lambda: streamed(**without(STREAM, "max_retries", "max_age")),
        "tried until it expires",
        "retries of the mapping",
    ),
    "never-bisected": Twins(
        lambda: streamed(**{**STREAM, "bisects": False}),
        lambda: streamed(**STREAM),
        lambda: streamed(**without(STREAM, "bisects")),
        "up to 100 records",
        "batches and bisects",
    ),
    "discarded-records": Twins(
        lambda: streamed(**STREAM),
        lambda: streamed(**STREAM, kept=True),
        lambda: streamed(**without(STREAM, "max_retries", "max_age")),
        "no destination on failure",
        "retries of the mapping",
    ),
    "lost-events": Twins(
        lambda: notified(kept=False),
        lambda: notified(kept=True),
        lambda: notified(kept=False, gaps=(gap(CONFIGS),)),
        "worked on 3 times",
        "failed with AccessDenied",
    ),
    "no-idempotency-read": Twins(
        coded,
        lambda: coded("idempotency"),
        lambda: notified(kept=False),
        "no evidence of idempotency was read in its 3 files",
        "code of the function was not read",
    ),
    "rule-drops-events": Twins(
        ruled,
        lambda: ruled(kept=True),
        lambda: Case(ruled().world, (gap(TARGETS),)),
        "rule/1 has no dead-letter queue",
        "failed with AccessDenied",
    ),
    "subscription-drops-messages": Twins(
        subscribed,
        lambda: subscribed(kept=True),
        lambda: subscribed(heard=Filter("sns.policy.attributes", "")),
        "no dead-letter queue",
        "attributes of the subscription",
    ),
    "whole-bucket": Twins(
        uploads,
        lambda: uploads("in/"),
        lambda: uploads(readable=False),
        "s3:ObjectCreated:* on every key",
        "could not be read",
    ),
    "catch-all-pattern": Twins(
        lambda: ruled(heard={"source": [{"prefix": ""}]}),
        ruled,
        refused(TARGETS),
        "every event of event bus default",
        "failed with AccessDenied",
    ),
    "logs-into-itself": Twins(
        lambda: logging("files"),
        lambda: logging("logs"),
        refused("s3.get_bucket_logging"),
        "logs beget logs",
        "failed with AccessDenied",
    ),
    "reads-its-own-log": Twins(
        lambda: own_log("work"),
        lambda: own_log("other"),
        refused("logs.describe_subscription_filters"),
        "every line there starts it again",
        "failed with AccessDenied",
    ),
    "writes-anywhere": Twins(
        lambda: permitted(allow("sqs:SendMessage", "*")),
        lambda: permitted(allow("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs")),
        lambda: permitted(role=False),
        "channels it does not name",
        "its role was not read",
    ),
    "can-rewire": Twins(
        lambda: permitted(allow(["s3:PutBucketNotification", "sns:Subscribe"], "*")),
        lambda: permitted(allow("s3:GetObject", "*")),
        lambda: permitted(role=False),
        "s3:PutBucketNotification, sns:Subscribe",
        "role was not read",
    ),
    "loop": Twins(looped, lambda: looped("out/"), None, "files → work → files"),
    "no-ceiling": Twins(
        lambda: shared(reserved_concurrency=None),
        lambda: shared(reserved_concurrency=10),
        shared,
        "up to 1,250 at once, of the 1,000",
        "only read of functions that may lie on a loop",
    ),
    "shared-concurrency": Twins(
        lambda: shared(reserved_concurrency=None),
        lambda: shared(reserved_concurrency=10),
        shared,
        "1 function that a queue starts (work)",
        "only read of functions that may lie on a loop",
    ),
    "outlasts-its-caller": Twins(
        lambda: called(30),
        lambda: called(29),
        lambda: called(None),
        "may take 30 s",
        "the timeout of the function",
    ),
    "fans-out": Twins(
        lambda: subscribed(many=10),
        lambda: subscribed(many=9),
        lambda: Case(subscribed().world, (gap(SUBSCRIPTIONS),)),
        "reaches 10 subscribers",
        "failed with AccessDenied",
    ),
    "too-many-readers": Twins(
        lambda: read_by(3),
        lambda: read_by(2),
        lambda: read_by(1, (gap("lambda.list_event_source_mappings"),)),
        "3 readers poll",
        "failed with AccessDenied",
    ),
    "guard-does-not-cover": Twins(
        lambda: guarded("Allow"),
        lambda: guarded("Terminate"),
        lambda: guarded(None),
        "RecursiveLoop = Allow",
        "RecursiveLoop was not read",
    ),
    "retries-multiply": Twins(
        lambda: chained(50),
        lambda: chained(5),
        lambda: chained(50, (gap(CONFIGS),)),
        "up to 150 times if everything on the way writes and then fails: 3 (first) × 50 (second)",
        "failed with AccessDenied",
    ),
    "no-error-alarm": Twins(
        lambda: notified(kept=True),
        lambda: alarmed(notified(kept=True), "Errors"),
        lambda: alarmed(notified(kept=True), "", refused=True),
        "No alarm watches Errors",
        "`cloudwatch.describe_alarms` failed",
    ),
    "no-throttle-alarm": Twins(
        lambda: alarmed(notified(kept=True), "Errors"),
        lambda: alarmed(notified(kept=True), "Throttles"),
        lambda: alarmed(notified(kept=True), "", refused=True),
        "No alarm watches Throttles",
        "`cloudwatch.describe_alarms` failed",
    ),
    "no-iterator-age-alarm": Twins(
        lambda: streamed(**STREAM),
        lambda: alarmed(streamed(**STREAM), "IteratorAge"),
        lambda: alarmed(streamed(**STREAM), "", refused=True),
        "No alarm watches IteratorAge",
        "`cloudwatch.describe_alarms` failed",
    ),
    "no-dead-letter-alarm": Twins(
        lambda: notified(kept=True),
        lambda: alarmed(notified(kept=True), "ApproximateNumberOfMessagesVisible", queue=True),
        lambda: alarmed(notified(kept=True), "", refused=True),
        "No alarm watches ApproximateNumberOfMessagesVisible",
        "`cloudwatch.describe_alarms` failed",
    ),
    "no-queue-age-alarm": Twins(
        lambda: queued(**QUEUE),
        lambda: alarmed(queued(**QUEUE), "ApproximateAgeOfOldestMessage", queue=True),
        lambda: alarmed(queued(**QUEUE), "", refused=True),
        "No alarm watches ApproximateAgeOfOldestMessage",
        "`cloudwatch.describe_alarms` failed",
    ),
    "no-recursion-alarm": Twins(
        lambda: guarded("Terminate"),
        lambda: alarmed(guarded("Terminate"), "RecursiveInvocationsDropped"),
        lambda: alarmed(guarded("Terminate"), "", refused=True),
        "It lies on a loop that nothing stops",
        "`cloudwatch.describe_alarms` failed",
    ),
    "alarm-without-action": Twins(
        lambda: told(""),
        lambda: told("ALARM"),
        lambda: told("", heard=True),
        "no action for the state ALARM",
        "may hear its changes of state",
    ),
    "no-retention": Twins(
        lambda: logged(retention_days=None),
        lambda: logged(retention_days=30),
        logged,
        "keeps every line for ever",
        "retention was not read",
    ),
    "no-tracing": Twins(
        lambda: traced("PassThrough"),
        lambda: traced("Active"),
        lambda: traced(None),
        "is PassThrough",
        "tracing of the function was not read",
    ),
    "no-log-group": Twins(
        lambda: logged(exists=False),
        logged,
        lambda: logged(exists=False, gaps=(gap("logs.describe_log_groups"),)),
        "logs to /aws/lambda/work, which does not exist",
        "failed with AccessDenied",
    ),
}
