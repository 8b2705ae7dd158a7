"""Loops of functions that send to queues and topics, invoke each other, and return results."""

from __future__ import annotations

from typing import Any

from tests.analysis.loop_classes import case
from tests.world import World, allow, criteria, deny, policy
from topology.inference import refuters
from topology.verdict import LoopVerdict


def sends_to(world: World, name: str, *targets: str, **facts: Any) -> str:
    """A function that may send to queues and topics, and is told to."""
    statement = allow(["sqs:SendMessage", "sns:Publish"], list(targets))
    return world.function(name, statement, names=targets, **facts)


@case("L5", LoopVerdict.GUARDED, guarded=True, says=("may write to *jobs*",))
def a_function_that_puts_its_job_back(world):
    queue = world.queue("jobs")
    world.listen(queue, sends_to(world, "work", queue))


@case("L5", None)
def a_function_that_puts_its_job_in_another_queue(world):
    world.listen(world.queue("jobs"), sends_to(world, "work", world.queue("done")))


@case("L5", None)
def a_queue_that_gives_up_after_a_few_attempts(world):
    queue = world.queue("jobs")
    world.listen(queue, world.function("work"))
    world.dead_letters(queue, world.queue("jobs-dead"))


@case(
    "L5",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: event["body"]["state"] == "new",
)
def criteria_that_the_function_can_satisfy_itself(world):
    queue = world.queue("jobs.fifo")
    heard = criteria("lambda.criteria.sqs", {"body": {"state": ["new"]}})
    world.listen(queue, sends_to(world, "work", queue), heard)


@case("L5", LoopVerdict.BLOCKED, says=("denies it",))
def a_function_that_may_send_everywhere_but_where_it_listens(world):
    queue = world.queue("jobs")
    statements = allow("sqs:*", "*"), deny("sqs:SendMessage", queue)
    world.listen(queue, world.function("work", *statements))


@case("L6", LoopVerdict.RETRY_STORM, guarded=True, says=("only while processing fails",))
def dead_letters_that_are_sent_again(world):
    queue, dead = world.queue("jobs"), world.queue("jobs-dead")
    world.listen(queue, world.function("work"))
    world.dead_letters(queue, dead)
    world.listen(dead, sends_to(world, "redrive", queue))


@case("L6", None)
def dead_letters_that_are_only_reported(world):
    queue, dead = world.queue("jobs"), world.queue("jobs-dead")
    world.listen(queue, world.function("work"))
    world.dead_letters(queue, dead)
    world.listen(dead, sends_to(world, "report", world.topic("operators")))


@case("L7", None)
def a_queue_that_tries_for_ever(world):
    world.listen(world.queue("jobs"), world.function("work"))


@case("L8", LoopVerdict.GUARDED, guarded=True, says=("16 passes",))
def a_function_that_publishes_where_it_is_subscribed(world):
    topic = world.topic("drain")
    world.subscribe(topic, sends_to(world, "drain", topic))


@case(
    "L8",
    LoopVerdict.GUARDED,
    guarded=True,
    says=("What the code really writes would settle it.",),
    shows=lambda event: event["MessageAttributes"]["state"] == "new",
)
def a_filter_policy_that_the_function_can_satisfy(world):
    topic = world.topic("drain")
    world.subscribe(topic, sends_to(world, "drain", topic), policy({"state": ["new"]}))


@case("L8", LoopVerdict.BLOCKED, says=("`MessageAttributes.state`", '"new"'))
def a_filter_policy_on_attributes_that_eventbridge_never_sets(world):
    bus, topic = world.bus(), world.topic("drain")
    publish = allow("events:PutEvents", bus)
    world.rule(bus, topic, {"source": ["drain"]})
    world.subscribe(
        topic, world.function("drain", publish, names=[bus]), policy({"state": ["new"]})
    )


def announced(world: World, **subscription: Any) -> tuple[str, str]:
    """A topic that tells a queue, whose function publishes to the topic."""
    topic, queue = world.topic("orders"), world.queue("to-confirm")
    world.subscribe(topic, queue, **subscription)
    return queue, sends_to(world, "confirm", topic)


@case("L9", LoopVerdict.GUARDED, guarded=True)
def a_function_behind_a_queue_that_publishes_to_the_topic_in_front_of_it(world):
    world.listen(*announced(world))


@case("L9", LoopVerdict.BLOCKED, says=("`body.Message.state`", '"new"'))
def criteria_on_the_message_inside_an_envelope_which_is_only_text(world):
    heard = criteria("lambda.criteria.sqs", {"body": {"Message": {"state": ["new"]}}})
    world.listen(*announced(world), heard)


@case(
    "L9",
    LoopVerdict.GUARDED,
    guarded=True,
    shows=lambda event: event["body"]["state"] == "new",
)
def criteria_on_a_message_that_is_delivered_raw(world):
    world.listen(
        *announced(world, raw=True), criteria("lambda.criteria.sqs", {"body": {"state": ["new"]}})
    )


@case("L9", LoopVerdict.GUARDED, guarded=True, says=("unless the field is a list",))
def criteria_and_a_filter_policy_that_only_a_list_satisfies_both(world):
    heard = criteria("lambda.criteria.sqs", {"body": {"state": ["new"]}})
    only_done = policy({"state": ["done"]}, "body")
    world.listen(*announced(world, raw=True, heard=only_done), heard)


@case("L20", LoopVerdict.GUARDED, guarded=True)
def a_function_that_invokes_itself(world):
    again = "arn:aws:lambda:eu-west-1:111122223333:function:again"
    world.function("again", allow("lambda:InvokeFunction", again), names=[again])


@case("L20", LoopVerdict.GUARDED, guarded=True)
def two_functions_that_invoke_each_other(world):
    for name, other in (("ping", "pong"), ("pong", "ping")):
        called = f"arn:aws:lambda:eu-west-1:111122223333:function:{other}"
        world.function(name, allow("lambda:InvokeFunction", called), names=[called])


@case("L20", None)
def a_function_that_invokes_one_that_invokes_nothing(world):
    world.function("ping", allow("lambda:InvokeFunction", world.function("pong")))


@case("L21", LoopVerdict.LIVE, says=("does not follow events through schedule",))
def a_function_that_sets_the_schedule_it_is_started_by(world):
    schedule = "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/next"
    statement = allow("scheduler:UpdateSchedule", schedule)
    world.schedule("next", world.function("poll", statement, names=[schedule]))


@case("L21", None)
def a_function_that_is_started_by_the_clock(world):
    world.schedule("hourly", world.function("report"))


@case("L22", LoopVerdict.GUARDED, guarded=True)
def results_that_go_to_the_topic_that_starts_the_function(world):
    topic, function = world.topic("done"), world.function("work")
    world.subscribe(topic, function)
    world.on_success(function, topic)


@case("L22", LoopVerdict.LIVE, says=("RecursiveLoop = Allow",))
def results_that_come_back_to_a_function_without_the_guard(world):
    topic, function = world.topic("done"), world.function("work", recursive_loop="Allow")
    world.subscribe(topic, function)
    world.on_success(function, topic)


@case("L22", LoopVerdict.RETRY_STORM, guarded=True)
def failures_that_go_to_the_topic_that_starts_the_function(world):
    topic, function = world.topic("done"), world.function("work")
    world.subscribe(topic, function)
    world.on_failure(function, topic)


@case(
    "L22",
    LoopVerdict.RETRY_STORM,
    guarded=True,
    says=("only while processing fails",),
)
def failures_of_a_function_that_cannot_even_start(world):
    topic, function = world.topic("done"), world.function("work", reserved_concurrency=0)
    world.subscribe(topic, function)
    world.on_failure(function, topic)


@case(
    "L22",
    LoopVerdict.BLOCKED,
    says=("takes the results of asynchronous invocations",),
    rule=refuters.destination_of_a_poll,
)
def results_of_a_function_that_is_polled_for(world):
    queue, function = world.queue("jobs"), world.function("work")
    world.listen(queue, function)
    world.on_success(function, queue)


@case("L22", None)
def results_that_go_elsewhere(world):
    function = world.function("work")
    world.subscribe(world.topic("todo"), function)
    world.on_success(function, world.topic("done"))
