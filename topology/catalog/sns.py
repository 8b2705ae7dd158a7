"""SNS: topics, subscriptions, their filter policies and dead-letter queues.

Source: https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from urllib.parse import urlsplit

from topology import arn as arns
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, redrive, resource
from topology.graph import Edge, Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

TOPIC = "sns.topic"

service = Service(
    client="sns",
    title="Amazon SNS",
    rate=15.0,  # of 30/s for each of the list calls
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html",
    kinds=(Kind(TOPIC, "SNS topic", Part.CHANNEL, guarded=True),),
    writes=(Write("publish", TOPIC, ("sns:Publish",)),),
    edges=(
        "sns.sub.lambda",
        "sns.sub.sqs",
        "sns.sub.firehose",
        "sns.sub.https",
        "sns.sub.redrive",
        "sns.feedback",
    ),
)

UNCONFIRMED = {
    "PendingConfirmation": "the subscription is not confirmed yet",
    "Deleted": "the subscription is deleted",
}
# Mail, text messages and phones end the journey, and their endpoints are people's addresses.
PROTOCOLS = {
    "lambda": ("sns.sub.lambda", Meaning.TRIGGERS),
    "sqs": ("sns.sub.sqs", Meaning.FORWARDS),
    "firehose": ("sns.sub.firehose", Meaning.FORWARDS),
    "http": ("sns.sub.https", Meaning.TRIGGERS),
    "https": ("sns.sub.https", Meaning.TRIGGERS),
}
LANGUAGES = {
    "MessageAttributes": "sns.policy.attributes",
    "MessageBody": "sns.policy.body",
}
NOT_READ_YET = Filter("sns.policy.attributes", "")  # stands where the attributes are refused
# How deliveries are logged: the end of the attribute that asks for it, where to, and when.
FEEDBACK = (
    ("SuccessFeedbackRoleArn", "", Meaning.WRITES),
    ("FailureFeedbackRoleArn", "/Failure", Meaning.ON_FAILURE),
)


def _has_attributes(subscription: Item) -> bool:
    is_confirmed = subscription["SubscriptionArn"] not in UNCONFIRMED
    return is_confirmed and subscription["Protocol"] in PROTOCOLS


def _is_foreign(subscription: Item) -> bool:
    """Whether another account subscribed: only the topic's own list shows such a subscription."""
    return bool(subscription["Owner"] != arns.parse(subscription["TopicArn"]).account)


topics = Call("list_topics", items="Topics")
subscriptions = Call("list_subscriptions", items="Subscriptions")
attributes = Call(
    "get_subscription_attributes",
    for_each=subscriptions,
    where=_has_attributes,
    parameters={"SubscriptionArn": Of("SubscriptionArn")},
    gone=frozenset({"NotFound"}),
    names=itemgetter("SubscriptionArn"),
)
topic_subscriptions = Call(
    "list_subscriptions_by_topic",
    items="Subscriptions",
    for_each=topics,
    parameters={"TopicArn": Of("TopicArn")},
    gone=frozenset({"NotFound"}),
    names=itemgetter("TopicArn"),
)
foreign_attributes = Call(
    "get_subscription_attributes",
    for_each=topic_subscriptions,
    where=lambda subscription: _has_attributes(subscription) and _is_foreign(subscription),
    parameters={"SubscriptionArn": Of("SubscriptionArn")},
    gone=frozenset({"NotFound"}),
    names=itemgetter("SubscriptionArn"),
)


topic_attributes = Call(
    "get_topic_attributes",
    for_each=topics,
    parameters={"TopicArn": Of("TopicArn")},
    gone=frozenset({"NotFound"}),
    names=itemgetter("TopicArn"),
)


@service.reads(topics)
def topic(here: Here, item: Item) -> Iterator[Fact]:
    """A topic."""
    yield resource(here, item["TopicArn"], TOPIC)


@service.reads(topic_attributes)
def settings(here: Here, item: Item, topic: Item) -> Iterator[Fact]:
    """Who else may publish to the topic, and whether it is a FIFO topic."""
    known = item["Attributes"]
    is_fifo = known.get("FifoTopic") == "true"
    yield resource(here, topic["TopicArn"], TOPIC, policy=known.get("Policy"), fifo=is_fifo)


@service.reads(topic_attributes)
def feedback(here: Here, item: Item, topic: Item) -> Iterator[Fact]:
    """The log groups of deliveries, which a role for any protocol switches on.

    Source: https://docs.aws.amazon.com/sns/latest/dg/topics-attrib.html
    """
    arn = arns.parse(topic["TopicArn"])
    for ending, folder, meaning in FEEDBACK:
        if any(name.endswith(ending) and role for name, role in item["Attributes"].items()):
            name = f"sns/{arn.region}/{arn.account}/{arn.resource}{folder}"
            group = f"arn:{arn.partition}:logs:{arn.region}:{arn.account}:log-group:{name}"
            yield delivery(str(arn), group, meaning, "sns.feedback")


@service.reads(subscriptions)
@service.reads(topic_subscriptions)
def subscription(here: Here, item: Item, *above: Item) -> Iterator[Fact]:
    """A subscription as listed: its filter is not known yet."""
    if item["Protocol"] in PROTOCOLS:
        is_confirmed = item["SubscriptionArn"] not in UNCONFIRMED
        yield _edge(item, NOT_READ_YET if is_confirmed else None)


@service.reads(attributes)
@service.reads(foreign_attributes)
def details(here: Here, item: Item, listed: Item, *above: Item) -> Iterator[Fact]:
    """The same subscription with its filter policy, and its dead-letter queue."""
    known = item["Attributes"]
    heard = _filter(known)
    yield _edge(listed, heard, **_handing_over(known))
    if known.get("RedrivePolicy"):
        yield from redrive(
            listed["TopicArn"],
            known["RedrivePolicy"],
            "sns.sub.redrive",
            label=_label(listed),
            heard=heard,
        )


@service.carries("sns.sub.sqs")
def in_a_queue(events: EventSet, edge: Edge, queue: Resource) -> EventSet:
    """Raw delivery hands the message on; otherwise it travels as text in an envelope.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
    """
    if edge.attributes.get("raw"):
        return events.moved(("Message",), ("body",))
    return EventSet.scalars(
        {
            ("body", "Type"): strings.literal("Notification"),
            ("body", "TopicArn"): strings.literal(edge.source),
            ("body", "Message"): strings.ANY,
        }
    )


def _handing_over(attributes: Item) -> dict[str, object]:
    """Whether the message goes without its envelope, and the role that Firehose is asked with."""
    known: dict[str, object] = {}
    if attributes.get("RawMessageDelivery") == "true":
        known["raw"] = True
    if attributes.get("SubscriptionRoleArn"):
        known["role"] = attributes["SubscriptionRoleArn"]
    return known


def _edge(subscription: Item, heard: Filter | None, **known: object) -> Edge:
    kind, meaning = PROTOCOLS[subscription["Protocol"]]
    subscription_arn = subscription["SubscriptionArn"]
    return delivery(
        subscription["TopicArn"],
        _target(subscription["Endpoint"]),
        meaning,
        kind,
        label=_label(subscription),
        filter=heard,
        dormant=UNCONFIRMED.get(subscription_arn, ""),
        subscription=subscription_arn,
        **known,
    )


def _label(subscription: Item) -> str:
    """What tells the subscriptions of a topic apart; AWS keeps one per endpoint."""
    endpoint: str = subscription["Endpoint"]
    return arns.name(endpoint) if arns.is_arn(endpoint) else str(subscription["SubscriptionArn"])


def _target(endpoint: str) -> str:
    """An ARN, or of a web address its scheme and host: the rest often carries a secret."""
    if arns.is_arn(endpoint):
        return endpoint
    split = urlsplit(endpoint)
    return f"{split.scheme}://{split.hostname}"


def _filter(attributes: Item) -> Filter | None:
    document = attributes.get("FilterPolicy", "").strip()
    if document in ("", "{}"):
        return None
    return Filter(LANGUAGES[attributes.get("FilterPolicyScope", "MessageAttributes")], document)
