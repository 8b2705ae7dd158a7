"""Managed Service for Apache Flink: applications, which read streams and write under a role.

Source: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_DescribeApplication.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Mention, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

APPLICATION = "kinesisanalytics.application"
AT_REST = ("READY", "STOPPING", "FORCE_STOPPING", "DELETING", "ROLLED_BACK")

service = Service(
    client="kinesisanalyticsv2",
    title="Amazon Managed Service for Apache Flink",
    iam_prefix="kinesisanalytics",
    source="https://docs.aws.amazon.com/managed-flink/latest/java/how-it-works.html",
    kinds=(Kind(APPLICATION, "Flink application", Part.ACTOR),),
    writes=(Write("start", APPLICATION, ("kinesisanalytics:StartApplication",)),),
    edges=("flink.app",),
)

applications = Call("list_applications", items="ApplicationSummaries")
description = Call(
    "describe_application",
    for_each=applications,
    parameters={"ApplicationName": Of("ApplicationName")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=itemgetter("ApplicationARN"),
)


@service.reads(description)
def application(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """An application; one in SQL says what it reads and writes, of one in code only its role does.

    What its properties name is looked up among the known resources, and forgotten.
    """
    known = item["ApplicationDetail"]
    arn, status = known["ApplicationARN"], known["ApplicationStatus"]
    dormant = f"the application is {status}" if status in AT_REST else ""
    yield resource(here, arn, APPLICATION, role=known.get("ServiceExecutionRole"))
    configuration = known.get("ApplicationConfigurationDescription", {})
    properties = configuration.get("EnvironmentPropertyDescriptions", {})
    for group in properties.get("PropertyGroupDescriptions", ()):
        for name, value in group["PropertyMap"].items():
            yield Mention(arn, f"{group['PropertyGroupId']}.{name}", value)
    sql = configuration.get("SqlApplicationConfigurationDescription", {})
    for source in sql.get("InputDescriptions", ()):
        for stream in _named(source):
            yield delivery(stream, arn, Meaning.TRIGGERS, "flink.app", dormant=dormant)
        for function in _named(source.get("InputProcessingConfigurationDescription", {})):
            yield delivery(arn, function, Meaning.TRIGGERS, "flink.app", dormant=dormant)
    for target in sql.get("OutputDescriptions", ()):
        for end in _named(target):
            yield delivery(arn, end, Meaning.WRITES, "flink.app", dormant=dormant)


def _named(description: Item) -> Iterator[str]:
    """The resources of an input, an output or a processor, whichever kind it is."""
    for value in description.values():
        if isinstance(value, dict) and "ResourceARN" in value:
            yield value["ResourceARN"]
