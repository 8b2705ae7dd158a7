"""What is worth a closer look: what may lie on a loop, and what may come back from outside."""

from __future__ import annotations

from tests.world import World, allow
from topology import arn as arns
from topology.analysis.suspects import suspects
from topology.graph import Meaning


def names(world):
    return {arns.name(arn) for arn in suspects(world.graph()) if arns.is_arn(arn)}


def test_whatever_may_go_round_is_a_suspect_before_any_filter_is_asked():
    world = World()
    uploads = world.bucket("uploads")
    convert = world.function("convert", allow("s3:PutObject", "arn:aws:s3:::uploads/out/*"))
    world.notify(uploads, convert, prefix="in/")
    world.listen(world.queue("jobs"), world.function("work"))
    assert names(world) == {"uploads", "convert"}


def test_a_function_of_which_a_version_is_triggered_is_one():
    world = World()
    world.edge(
        world.topic("news"), world.function("work"), Meaning.TRIGGERS, "sns.sub.lambda",
        qualifier="live",
    )  # fmt: skip
    assert names(world) == {"work"}


def test_a_function_that_may_write_to_another_account_is_one():
    world = World()
    world.queue("jobs")
    theirs = "arn:aws:sqs:eu-west-1:444455556666:theirs"
    world.function("sends-out", allow("sqs:SendMessage", theirs))
    world.function("writes-out", allow("s3:PutObject", "arn:aws:s3:::partner-bucket/*"))
    world.function("stays", allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs"))
    assert names(world) == {"sends-out", "writes-out"}


def test_functions_are_suspects_where_something_sends_to_a_function_url():
    world = World()
    host = "https://abc123.lambda-url.eu-west-1.on.aws"
    world.edge(world.topic("news"), host, Meaning.TRIGGERS, "sns.sub.https")
    world.function("web")
    assert names(world) == {"web"}
