"""Loops over streams, logs, pipes, mail and IoT topics: what AWS's guard never covers."""

from __future__ import annotations

from tests.analysis.loop_classes import case
from tests.world import World, allow, criteria
from topology.graph import Meaning
from topology.inference import refuters
from topology.verdict import LoopVerdict

INSERTED = criteria("lambda.criteria.dynamodb", {"eventName": ["INSERT"]})


def changes(world: World, *actions: str) -> tuple[str, str]:
    """The stream of a table, and a function that may change the table."""
    table, stream = world.table("orders")
    return stream, world.function("score", allow(list(actions), table), names=[table])


@case("L10", LoopVerdict.LIVE, says=("does not follow events through DynamoDB table orders",))
def a_function_that_updates_the_item_it_was_told_of(world):
    world.listen(*changes(world, "dynamodb:UpdateItem"))


@case(
    "L10",
    LoopVerdict.POSSIBLE,
    says=("What the code really writes would settle it.",),
    shows=lambda event: event["eventName"] == "INSERT",
)
def criteria_on_new_items_and_a_function_that_may_put_some(world):
    world.listen(*changes(world, "dynamodb:PutItem"), INSERTED)


@case("L10", LoopVerdict.BLOCKED, says=('"REMOVE"', '"INSERT"', "no value is both"))
def criteria_on_new_items_and_a_function_that_may_only_delete(world):
    world.listen(*changes(world, "dynamodb:DeleteItem"), INSERTED)


@case("L10", None)
def a_function_that_writes_to_another_table(world):
    _, stream = world.table("orders")
    totals, _ = world.table("totals")
    world.listen(stream, world.function("score", allow("dynamodb:*", totals), names=[totals]))


@case("L15", LoopVerdict.LIVE, says=("does not follow events through log group",))
def a_function_that_is_subscribed_to_its_own_log(world):
    function = world.function("index")
    world.read_logs(world.logs_of(function), function)


@case("L15", LoopVerdict.POSSIBLE, shows=lambda event: "ERROR" in event["message"])
def a_function_that_is_subscribed_to_the_errors_in_its_own_log(world):
    function = world.function("index")
    world.read_logs(world.logs_of(function), function, "ERROR")


@case("L15", None)
def a_function_that_is_subscribed_to_every_log_but_its_own(world):
    function, other = world.function("index"), world.function("work")
    world.logs_of(function)
    world.read_logs(world.logs_of(other), function)


def archived(world: World) -> str:
    """A data stream that Firehose archives after a function looked at each record."""
    stream, firehose = world.data_stream("logs"), world.firehose("archive")
    function = world.function("redact")
    world.edge(stream, firehose, Meaning.FORWARDS, "firehose.source")
    world.edge(firehose, function, Meaning.TRIGGERS, "firehose.transform")
    world.logs_of(function)
    return stream


@case("L16", LoopVerdict.LIVE, says=("guard does not follow",))
def every_log_is_archived_also_that_of_the_function_that_archives(world):
    stream = archived(world)
    world.read_logs(world.log_group("/aws/lambda/redact"), stream, account_wide=True)


@case("L16", LoopVerdict.LIVE)
def every_log_is_archived_in_a_bucket_whose_function_logs(world):
    firehose, bucket = world.firehose("archive"), world.bucket("logs")
    function = world.function("index")
    world.read_logs(world.logs_of(function), firehose, account_wide=True)
    world.edge(firehose, bucket, Meaning.WRITES, "firehose.dest", prefix="logs/!{timestamp:yyyy}/")
    world.notify(bucket, function, prefix="logs/")


@case("L16", LoopVerdict.BLOCKED, says=('"logs/*"', '"in/*"'))
def every_log_is_archived_below_a_prefix_that_nobody_hears(world):
    firehose, bucket = world.firehose("archive"), world.bucket("logs")
    function = world.function("index")
    world.read_logs(world.logs_of(function), firehose, account_wide=True)
    world.edge(firehose, bucket, Meaning.WRITES, "firehose.dest", prefix="logs/!{timestamp:yyyy}/")
    world.notify(bucket, function, prefix="in/")


@case("L16", None)
def every_log_is_archived_but_that_of_the_function_that_archives(world):
    stream = archived(world)
    world.read_logs(world.log_group("/aws/lambda/work"), stream, account_wide=True)


@case(
    "L16",
    LoopVerdict.BLOCKED,
    says=("does not deliver to the function *index* what that function logs itself",),
    rule=refuters.own_log_group,
)
def every_log_goes_to_a_function_which_is_spared_its_own(world):
    function = world.function("index")
    world.read_logs(world.logs_of(function), function, account_wide=True)


@case("L23", LoopVerdict.LIVE, says=("does not follow events through mail",))
def a_function_that_answers_mail_from_the_domain_it_receives_for(world):
    domain, rule = world.identity("example.com"), world.receipt_rule("catch-all")
    function = world.function("answer", allow("ses:SendEmail", domain), names=[domain])
    world.edge(domain, rule, Meaning.FORWARDS, "ses.mail")
    world.edge(rule, function, Meaning.TRIGGERS, "ses.receipt")


@case("L23", LoopVerdict.BLOCKED, says=("The receipt rule is disabled.",))
def a_receipt_rule_that_is_switched_off(world):
    domain, rule = world.identity("example.com"), world.receipt_rule("catch-all")
    function = world.function("answer", allow("ses:SendEmail", domain), names=[domain])
    world.edge(domain, rule, Meaning.FORWARDS, "ses.mail")
    world.edge(
        rule, function, Meaning.TRIGGERS, "ses.receipt", dormant="the receipt rule is disabled"
    )


@case("L23", None)
def a_function_that_receives_mail_and_may_send_none(world):
    domain, rule = world.identity("example.com"), world.receipt_rule("catch-all")
    function = world.function("file", allow("s3:PutObject", "arn:aws:s3:::mail/*"))
    world.edge(domain, rule, Meaning.FORWARDS, "ses.mail")
    world.edge(rule, function, Meaning.TRIGGERS, "ses.receipt")


@case("L24", LoopVerdict.LIVE, says=("AWS's recursion guard does not follow",))
def a_pipe_whose_target_is_an_api_in_front_of_its_source(world):
    queue, api = world.queue("orders"), world.http_api("intake")
    pipe = world.pipe("refill", queue, api, input="made")
    world.edge(pipe, world.function("enrich"), Meaning.TRIGGERS, "pipe.enrichment")
    world.edge(api, queue, Meaning.FORWARDS, "apigw.http.service")


@case(
    "L24",
    LoopVerdict.POSSIBLE,
    shows=lambda event: event["body"]["state"] == "new",
)
def a_pipe_with_a_template_that_may_make_what_its_filter_asks(world):
    queue = world.queue("orders")
    heard = criteria("pipes.criteria.sqs", {"body": {"state": ["new"]}})
    world.pipe("refill", queue, queue, heard, input="made")


@case("L24", LoopVerdict.BLOCKED, says=("`body` is written only as missing", '"start"'))
def a_pipe_that_hears_a_plain_text_and_sends_records(world):
    queue = world.queue("orders")
    heard = criteria("pipes.criteria.sqs", {"body": ["start"]})
    world.pipe("refill", queue, queue, heard)


@case("L24", LoopVerdict.BLOCKED, says=("The pipe is STOPPED.",))
def a_pipe_that_is_stopped(world):
    queue = world.queue("orders")
    world.pipe("refill", queue, queue, dormant="the pipe is STOPPED")


@case("L25", LoopVerdict.LIVE, shows=lambda event: event["topic"] == "alerts")
def a_rule_on_every_topic_that_publishes_again(world):
    broker = world.broker()
    world.topic_rule("alert", broker, broker, "SELECT * FROM '#'", topic="alerts")


@case("L25", LoopVerdict.BLOCKED, says=('"alerts"', "`topic`"))
def a_rule_on_other_topics_than_the_one_it_publishes_to(world):
    broker = world.broker()
    world.topic_rule("alert", broker, broker, "SELECT * FROM 'plant/+/alarm'", topic="alerts")


@case(
    "L25",
    LoopVerdict.POSSIBLE,
    shows=lambda event: event["topic"].startswith("plant/"),
)
def a_rule_that_publishes_to_a_topic_that_a_message_names(world):
    broker = world.broker()
    topic = "plant/${device}/state"
    world.topic_rule("echo", broker, broker, "SELECT * FROM 'plant/+/+'", topic=topic)


def devices(world: World, topics: str) -> None:
    broker = world.broker()
    function = world.function("answer", allow("iot:Publish", f"{broker}/{topics}"), names=[broker])
    world.topic_rule("answer", broker, function, "SELECT * FROM 'plant/#'")


@case("L25", LoopVerdict.LIVE, shows=lambda event: event["topic"].startswith("plant/"))
def a_function_that_publishes_below_what_its_rule_hears(world):
    devices(world, "plant/*")


@case("L25", LoopVerdict.BLOCKED, says=('"office/*"', "`topic`"))
def a_function_that_may_publish_to_other_topics_only(world):
    devices(world, "office/*")
