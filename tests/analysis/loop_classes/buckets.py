"""Loops of functions that write to the bucket they hear of, by every way a bucket can tell."""

from __future__ import annotations

from typing import Any, TypeAlias

from tests.analysis.loop_classes import case
from tests.world import World, allow, criteria, policy
from topology.inference import refuters
from topology.verdict import Event, LoopVerdict

Heard: TypeAlias = dict[str, Any]  # an event pattern, or a part of one

UPLOADS = "arn:aws:s3:::uploads"
CREATED = {"source": ["aws.s3"], "detail-type": ["Object Created"]}


def key(event: Event) -> str:
    found: str = event["s3"]["object"]["key"]
    return found


def writes(world: World, keys: str = "*", action: str = "s3:PutObject", **condition: Any) -> str:
    """A function that may write some keys of the bucket *uploads*, which its environment names."""
    statement = allow(action, f"{UPLOADS}/{keys}", **condition)
    return world.function("convert", statement, names=[UPLOADS])


def notified(world: World, function: str, **heard: Any) -> None:
    world.notify(world.bucket("uploads"), function, **heard)


@case("L1", LoopVerdict.GUARDED, guarded=True, says=("may write `*`", "16 passes"), shows=key)
def any_upload_starts_a_function_that_may_upload_anything(world):
    notified(world, writes(world))


@case(
    "L1",
    LoopVerdict.GUARDED,
    guarded=True,
    says=('`s3.object.key` is written as any text but heard only as "*.csv"', "What the code"),
    shows=lambda event: key(event).endswith(".csv"),
)
def a_suffix_filter_and_a_role_that_may_write_any_key(world):
    notified(world, writes(world), suffix=".csv")


@case("L1", LoopVerdict.BLOCKED, says=('"*.json"', '"*.csv"', "no value is both"))
def a_suffix_filter_and_a_role_that_may_write_another_suffix_only(world):
    notified(world, writes(world, "*.json"), suffix=".csv")


@case("L1", LoopVerdict.BLOCKED, says=('"out/*"', '"in/*"', "no value is both"))
def a_prefix_filter_and_a_role_that_may_write_another_prefix_only(world):
    notified(world, writes(world, "out/*"), prefix="in/")


@case("L1", None)
def a_function_that_writes_to_another_bucket(world):
    results = world.bucket("results")
    statement = allow("s3:PutObject", f"{results}/*")
    notified(world, world.function("convert", statement, names=[results]))


@case(
    "L1",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: key(event).endswith(".jpeg"),
)
def a_suffix_filter_that_what_is_written_ends_in_as_well(world):
    notified(world, writes(world, "thumbnails/*.jpeg"), suffix=".jpeg")


@case(
    "L1",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: key(event).startswith("in/out/"),
)
def an_output_folder_inside_the_input_folder(world):
    notified(world, writes(world, "in/out/*"), prefix="in/")


@case("L1", LoopVerdict.LIVE, says=("RecursiveLoop = Allow",))
def a_function_that_switched_the_guard_off(world):
    statement = allow("s3:PutObject", f"{UPLOADS}/*")
    notified(world, world.function("convert", statement, names=[UPLOADS], recursive_loop="Allow"))


@case("L1", LoopVerdict.BLOCKED, says=('"ObjectRemoved:Delete"', '"ObjectCreated:*"'))
def a_function_that_may_only_delete_what_was_uploaded(world):
    notified(world, writes(world, action="s3:DeleteObject"))


@case("L1", LoopVerdict.BLOCKED, says=("reserved concurrency is 0",), rule=refuters.never_runs)
def a_function_that_was_given_no_concurrency(world):
    statement = allow("s3:PutObject", f"{UPLOADS}/*")
    notified(world, world.function("convert", statement, names=[UPLOADS], reserved_concurrency=0))


@case(
    "L2",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: key(event).startswith("in/"),
)
def a_prefix_filter_does_not_help_where_an_object_is_copied_onto_itself(world):
    notified(world, writes(world, "in/*"), prefix="in/")


@case(
    "L2",
    LoopVerdict.GUARDED,
    guarded=True,
    says=('heard only as "ObjectCreated:Put"', "What the code really writes would settle it."),
    shows=lambda event: event["eventName"] == "ObjectCreated:Put",
)
def only_puts_are_heard_and_whether_the_function_copies_is_told_by_its_code_alone(world):
    notified(world, writes(world), events=["s3:ObjectCreated:Put"])


@case(
    "L2",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: event["eventName"] == "ObjectCreated:Copy",
)
def only_copies_are_heard_and_the_function_may_copy(world):
    notified(world, writes(world), events=["s3:ObjectCreated:Copy"])


@case("L2", LoopVerdict.BLOCKED, says=('"ObjectTagging:Put"',))
def only_uploads_are_heard_of_a_function_that_sets_tags_instead_of_copying(world):
    notified(world, writes(world, action="s3:PutObjectTagging"), events=["s3:ObjectCreated:Put"])


def on_the_bus(world: World, keys: str, detail: Heard | None = None) -> None:
    """As L1, but the bucket tells EventBridge and a rule starts the function."""
    bus = world.bus()
    world.tell_eventbridge(world.bucket("uploads"), bus)
    heard = {**CREATED, "detail": detail} if detail else CREATED
    world.rule(bus, writes(world, keys), heard, "created/1")


@case(
    "L3",
    LoopVerdict.LIVE,
    says=("does not follow events through event bus default",),
    shows=lambda event: event["detail"]["bucket"]["name"] == "uploads",
)
def a_rule_on_created_objects_without_a_key(world):
    on_the_bus(world, "*")


@case("L3", LoopVerdict.BLOCKED, says=('"out/*"', '"in/*"', "`detail.object.key`"))
def a_rule_on_keys_of_another_prefix(world):
    on_the_bus(world, "out/*", {"object": {"key": [{"prefix": "in/"}]}})


@case("L3", LoopVerdict.BLOCKED, says=("`detail.object.key`", '"out/*"'))
def a_rule_on_any_key_but_those_written(world):
    on_the_bus(world, "out/*", {"object": {"key": [{"anything-but": {"prefix": "out/"}}]}})


@case("L3", LoopVerdict.BLOCKED, says=("`detail.object.key`", '"in/*/*.csv"'))
def a_rule_with_a_wildcard_that_no_written_key_matches(world):
    on_the_bus(world, "out/*", {"object": {"key": [{"wildcard": "in/*/*.csv"}]}})


@case(
    "L3",
    LoopVerdict.LIVE,
    shows=lambda event: event["detail"]["object"]["key"].startswith("out/in/"),
)
def a_rule_with_a_wildcard_that_every_written_key_matches(world):
    on_the_bus(world, "out/in/*.csv", {"object": {"key": [{"wildcard": "*in/*.csv"}]}})


@case("L3", LoopVerdict.BLOCKED, says=("`detail.bucket.name`", '"archive"'))
def a_rule_on_the_objects_of_another_bucket(world):
    on_the_bus(world, "*", {"bucket": {"name": ["archive"]}})


def picked_by_a_rule(world: World, keys: str) -> None:
    """As L3, but a rule sends a queue the object alone, and criteria ask for its key."""
    bus, queue = world.bus(), world.queue("to-convert")
    world.tell_eventbridge(world.bucket("uploads"), bus)
    world.rule(bus, queue, CREATED, "created/1", input_path="$.detail.object")
    heard = criteria("lambda.criteria.sqs", {"body": {"key": [{"prefix": "in/"}]}})
    world.listen(queue, writes(world, keys), heard)


@case("L3", LoopVerdict.LIVE)
def criteria_on_the_part_of_an_event_that_a_rule_picks(world):
    picked_by_a_rule(world, "in/*")


@case("L3", LoopVerdict.BLOCKED, says=("`body.key`", '"out/*"', '"in/*"'))
def criteria_on_the_part_of_an_event_that_no_written_key_passes(world):
    picked_by_a_rule(world, "out/*")


def through_a_topic_and_a_queue(world: World, keys: str, **heard: Any) -> tuple[str, str]:
    """As L1, by way of SNS and SQS, which are not connected yet."""
    topic, queue = world.topic("uploaded"), world.queue("to-convert")
    world.notify(world.bucket("uploads"), topic, **heard)
    world.listen(queue, writes(world, keys))
    return topic, queue


@case("L4", LoopVerdict.GUARDED, guarded=True, says=("16 passes",), shows=key)
def uploads_that_travel_through_a_topic_and_a_queue(world):
    topic, queue = through_a_topic_and_a_queue(world, "*")
    world.subscribe(topic, queue)


@case("L4", LoopVerdict.BLOCKED, says=('"out/*"', '"in/*"'))
def uploads_of_another_prefix_that_travel_through_a_topic(world):
    topic, queue = through_a_topic_and_a_queue(world, "out/*", prefix="in/")
    world.subscribe(topic, queue)


@case("L4", LoopVerdict.BLOCKED, says=("`Message.Records.s3.object.key`", '"in/*"'))
def a_filter_policy_on_the_body_that_no_written_key_passes(world):
    topic, queue = through_a_topic_and_a_queue(world, "out/*")
    heard = {"Records": {"s3": {"object": {"key": [{"prefix": "in/"}]}}}}
    world.subscribe(topic, queue, policy(heard, "body"))


@case(
    "L4",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: key(event) == "my results/a",
)
def a_filter_policy_on_the_body_where_keys_are_url_encoded(world):
    topic, queue = through_a_topic_and_a_queue(world, "my results/*")
    heard = {"Records": {"s3": {"object": {"key": [{"prefix": "my+results/"}]}}}}
    world.subscribe(topic, queue, policy(heard, "body"))


@case("L4", LoopVerdict.BLOCKED, says=('"my+results/*"', '"my results/*"'))
def a_filter_policy_on_the_body_that_forgot_that_keys_are_url_encoded(world):
    topic, queue = through_a_topic_and_a_queue(world, "my results/*")
    heard = {"Records": {"s3": {"object": {"key": [{"prefix": "my results/"}]}}}}
    world.subscribe(topic, queue, policy(heard, "body"))


@case("L4", LoopVerdict.BLOCKED, says=("`MessageAttributes.kind`",))
def a_filter_policy_on_attributes_that_s3_never_sets(world):
    topic, queue = through_a_topic_and_a_queue(world, "*")
    world.subscribe(topic, queue, policy({"kind": ["upload"]}))
