"""MediaConvert: queues, where the jobs of templates write, and jobs that change state.

Source: https://docs.aws.amazon.com/mediaconvert/latest/ug/working-with-job-templates.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog import named
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

QUEUE = "mediaconvert.queue"
DEFAULT = "queues/Default"  # where jobs wait that name no queue

service = Service(
    client="mediaconvert",
    title="AWS Elemental MediaConvert",
    source="https://docs.aws.amazon.com/mediaconvert/latest/ug/eventbridge_events.html",
    kinds=(Kind(QUEUE, "MediaConvert queue", Part.CHANNEL),),
    writes=(Write("create", QUEUE, ("mediaconvert:CreateJob",)),),
    emissions=(
        Emission(
            "job",
            ("mediaconvert:CreateJob", "mediaconvert:CancelJob"),
            "aws.mediaconvert",
            ("MediaConvert Job State Change",),
        ),
    ),
    edges=("mediaconvert.event",),
)

queues = Call("list_queues", items="Queues")
templates = Call("list_job_templates", items="JobTemplates")


@service.reads(queues)
def queue(here: Here, item: Item) -> Iterator[Fact]:
    """A queue of jobs."""
    yield resource(here, item["Arn"], QUEUE)


@service.reads(templates)
def template(here: Here, item: Item) -> Iterator[Fact]:
    """The buckets that jobs of a template write to; its other settings may hold keys."""
    source = item.get("Queue") or named.arn_of(here, "mediaconvert", DEFAULT)
    for group in item["Settings"].get("OutputGroups", ()):
        for settings in group.get("OutputGroupSettings", {}).values():
            place = settings.get("Destination", "") if isinstance(settings, dict) else ""
            if place.startswith("s3://"):
                target = named.bucket(here, place)
                yield delivery(
                    source, target, Meaning.FORWARDS, "mediaconvert.event", label=item["Name"]
                )
