"""SES: what may send mail, what is told of it, and the receipt rules that mail may start.

To whom mail goes is not told by the permission to send it, which names the sender: every rule, in
any Region, may take what any identity sends. Addresses are people's: what an address may send is
one channel per Region, and the address is its key, so that permissions are compared with it and
none is kept.

Source: https://docs.aws.amazon.com/ses/latest/dg/receiving-email-concepts.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from topology.catalog.service import (
    Call,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

IDENTITY, ADDRESSES = "ses.identity", "ses.address"
MAIL, RECEIPT_RULE = "ses.mail", "ses.receiptrule"
INTERNET = "smtp://anybody"  # mail leaves AWS here, and may come back to any Region
SENDS = (
    "ses:SendEmail",
    "ses:SendRawEmail",
    "ses:SendTemplatedEmail",
    "ses:SendBulkEmail",
    "ses:SendBulkTemplatedEmail",
)

service = Service(
    client="ses",
    title="Amazon SES",
    rate=0.5,  # of 1/s for whatever does not send
    source="https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html",
    kinds=(
        Kind(IDENTITY, "mail identity", Part.CHANNEL),
        Kind(ADDRESSES, "mail addresses", Part.CHANNEL),
        Kind(MAIL, "mail of a Region", Part.CHANNEL),
        Kind(RECEIPT_RULE, "mail receipt rule", Part.CHANNEL),
    ),
    writes=(
        Write("send", IDENTITY, SENDS),
        Write("send", ADDRESSES, SENDS, keyed="/", key_at=("identity",)),
    ),
    edges=("ses.mail", "ses.receipt", "ses.identity"),
)

identities = Call("list_identities", parameters={"MaxItems": 100})  # a page is what may be asked
notifications = Call(
    "get_identity_notification_attributes",
    for_each=identities,
    where=lambda page: bool(page["Identities"]),
    parameters={"Identities": Of("Identities")},
    names=lambda page: f"{len(page['Identities'])} identities",
)
rule_set = Call(
    "describe_active_receipt_rule_set",
    absent=frozenset({"InvalidAction"}),  # in Regions that receive no mail
)

# What is told of an identity's mail: the key of the topic, and the events.
TOLD = {"BounceTopic": "BOUNCE", "ComplaintTopic": "COMPLAINT", "DeliveryTopic": "DELIVERY"}

# Where a rule's action leads: the key of its target.
TARGETS = {
    "ConnectAction": "InstanceARN",
    "LambdaAction": "FunctionArn",
    "WorkmailAction": "OrganizationArn",
}


@service.reads(identities)
def page(here: Here, item: Item) -> Iterator[Fact]:
    """Domains and addresses that mail may be sent from."""
    for source, kind in sorted({_sender(here, name) for name in item["Identities"]}):
        yield resource(here, source, kind)
        yield delivery(source, mail(here), Meaning.FORWARDS, "ses.mail")
    if item["Identities"]:
        yield resource(here, mail(here), MAIL)
        yield delivery(mail(here), INTERNET, Meaning.FORWARDS, "ses.mail")


@service.reads(notifications)
def notification(here: Here, item: Item, page: Item) -> Iterator[Fact]:
    """The topics that are told of an identity's mail."""
    for name, known in sorted(item["NotificationAttributes"].items()):
        source, _ = _sender(here, name)
        for key, event in TOLD.items():
            if known.get(key):
                label = f"{domain(name)}: {event.lower()}"
                yield delivery(
                    source,
                    known[key],
                    Meaning.FORWARDS,
                    "ses.identity",
                    label=label,
                    events=[event],
                )


@service.reads(rule_set)
def receipt_rules(here: Here, item: Item) -> Iterator[Fact]:
    """The rules for mail that is received; only those of the active set are heard."""
    for rule in item.get("Rules", ()):
        name = f"receipt-rule-set/{item['Metadata']['Name']}:receipt-rule/{rule['Name']}"
        arn = _arn(here, name)
        domains = sorted(set(map(domain, rule.get("Recipients", ()))))
        yield resource(here, arn, RECEIPT_RULE, domains=domains)
        yield delivery(INTERNET, arn, Meaning.FORWARDS, "ses.mail")
        for number, action in enumerate(rule.get("Actions", ()), start=1):
            yield from _action(here, arn, rule, action, str(number))


@service.carries("ses.receipt")
def received(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """Mail in a bucket has a key that begins as the action says; elsewhere it may be anything.

    Source: https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
    """
    prefix = edge.attributes.get("prefix")
    if not prefix:
        return EventSet.anything()
    return EventSet.scalars({("s3", "object", "key"): strings.prefix(str(prefix))})


def domain(identity: str) -> str:
    """An identity or recipient without the part that names a person."""
    return identity.rpartition("@")[2]


def mail(here: Here) -> str:
    """All that is sent in a Region: any of it may be sent with any configuration set."""
    return _arn(here, "mail")


def _sender(here: Here, identity: str) -> tuple[str, str]:
    """The channel that a domain is, or that all addresses of the Region are, and its kind."""
    if "@" in identity:
        return _arn(here, "identity"), ADDRESSES
    return _arn(here, f"identity/{identity}"), IDENTITY


def _action(here: Here, arn: str, rule: Item, action: Item, number: str) -> Iterator[Fact]:
    dormant = "" if rule.get("Enabled") else "the receipt rule is disabled"
    for kind, settings in action.items():
        targets: list[tuple[str, str, dict[str, str]]] = []
        if kind == "S3Action":
            bucket = f"arn:{here.partition}:s3:::{settings['BucketName']}"
            prefix = settings.get("ObjectKeyPrefix")
            targets.append((bucket, number, {"prefix": prefix} if prefix else {}))
        elif kind in TARGETS:
            targets.append((settings[TARGETS[kind]], number, {}))
        if settings.get("TopicArn"):  # of any action: who is told that it was taken
            targets.append((settings["TopicArn"], f"{number}/topic", {}))
        for target, label, known in targets:
            starts = kind in TARGETS and label == number
            meaning = Meaning.TRIGGERS if starts else Meaning.FORWARDS
            edge = delivery(arn, target, meaning, "ses.receipt", label=label, dormant=dormant)
            yield replace(edge, attributes={**edge.attributes, **known})


def _arn(here: Here, name: str) -> str:
    return f"arn:{here.partition}:ses:{here.region}:{here.account}:{name}"
