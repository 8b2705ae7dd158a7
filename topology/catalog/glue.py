"""Glue: jobs, crawlers, the triggers and workflows that start them, and what they all tell.

Source: https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html
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
    Mention,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SOURCE = "aws.glue"
JOB, CRAWLER = "glue.job", "glue.crawler"
TRIGGER, WORKFLOW = "glue.trigger", "glue.workflow"

service = Service(
    client="glue",
    title="AWS Glue",
    source="https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html",
    kinds=(
        Kind(JOB, "Glue job", Part.ACTOR),
        Kind(CRAWLER, "Glue crawler", Part.ACTOR),
        Kind(TRIGGER, "Glue trigger", Part.CHANNEL),
        Kind(WORKFLOW, "Glue workflow", Part.CHANNEL),
    ),
    writes=(
        Write("run", JOB, ("glue:StartJobRun",)),
        Write("crawl", CRAWLER, ("glue:StartCrawler",)),
        Write("fire", TRIGGER, ("glue:StartTrigger",)),
        Write(
            "start",
            WORKFLOW,
            ("glue:StartWorkflowRun", "glue:ResumeWorkflowRun", "glue:NotifyEvent"),
        ),
    ),
    emissions=(
        Emission(
            "job",
            ("glue:StartJobRun", "glue:BatchStopJobRun"),
            SOURCE,
            ("Glue Job State Change", "Glue Job Run Status"),
            of=("job/",),
            name_at=("detail", "jobName"),
        ),
        Emission(
            "crawler",
            ("glue:StartCrawler", "glue:StopCrawler"),
            SOURCE,
            ("Glue Crawler State Change",),
            of=("crawler/",),
            name_at=("detail", "crawlerName"),
        ),
        Emission(
            "workflow",
            ("glue:StartWorkflowRun", "glue:StartTrigger"),
            SOURCE,
            ("Glue Job State Change", "Glue Job Run Status", "Glue Crawler State Change"),
        ),
        Emission(
            "data catalog",
            (
                "glue:CreateDatabase",
                "glue:UpdateDatabase",
                "glue:DeleteDatabase",
                "glue:CreateTable",
                "glue:UpdateTable",
                "glue:DeleteTable",
                "glue:BatchDeleteTable",
                "glue:CreatePartition",
                "glue:BatchCreatePartition",
                "glue:UpdatePartition",
                "glue:BatchUpdatePartition",
                "glue:DeletePartition",
                "glue:BatchDeletePartition",
            ),
            SOURCE,
            ("Glue Data Catalog Database State Change", "Glue Data Catalog Table State Change"),
        ),
    ),
    edges=("glue.trigger", "glue.crawler.queue"),
    busy=("StartJobRun",),
)

jobs = Call("get_jobs", items="Jobs")
crawlers = Call("get_crawlers", items="Crawlers")
triggers = Call("get_triggers", items="Triggers")
workflows = Call("list_workflows", items="Workflows")

ARMED = ("SCHEDULED", "CONDITIONAL")  # triggers that wait; the others are told to fire
SWITCHED_OFF = ("CREATED", "DEACTIVATING", "DEACTIVATED", "DELETING")
FAILURES = ("FAILED", "TIMEOUT", "ERROR", "EXPIRED")


@service.reads(jobs)
def job(here: Here, item: Item) -> Iterator[Fact]:
    """A job with its role, and what its arguments mention."""
    arn = named.arn_of(here, "glue", f"job/{item['Name']}")
    yield resource(here, arn, JOB, role=named.role(here, item.get("Role")))
    for arguments in ("DefaultArguments", "NonOverridableArguments"):
        for argument, value in item.get(arguments, {}).items():
            yield Mention(arn, argument, value)


@service.reads(crawlers)
def crawler(here: Here, item: Item) -> Iterator[Fact]:
    """A crawler with its role, and the queues of S3's events that tell it what to crawl."""
    arn = named.arn_of(here, "glue", f"crawler/{item['Name']}")
    yield resource(here, arn, CRAWLER, role=named.role(here, item.get("Role")))
    targets = item.get("Targets", {})
    for target in (*targets.get("S3Targets", ()), *targets.get("CatalogTargets", ())):
        queue, dead_letters = target.get("EventQueueArn"), target.get("DlqEventQueueArn")
        if queue:
            yield delivery(queue, arn, Meaning.TRIGGERS, "glue.crawler.queue")
        if dead_letters:
            yield delivery(arn, dead_letters, Meaning.ON_FAILURE, "glue.crawler.queue")


@service.reads(workflows)
def workflow(here: Here, name: str) -> Iterator[Fact]:
    """A workflow; its triggers say what it starts."""
    yield resource(here, named.arn_of(here, "glue", f"workflow/{name}"), WORKFLOW)


@service.reads(triggers)
def trigger(here: Here, item: Item) -> Iterator[Fact]:
    """A trigger: what it waits for, and the jobs and crawlers it starts.

    The first trigger of a workflow is fired by the workflow, all others by the end of a run.
    """
    arn = named.arn_of(here, "glue", f"trigger/{item['Name']}")
    yield resource(here, arn, TRIGGER)
    state = item.get("State", "")
    is_off = item.get("Type") in ARMED and state in SWITCHED_OFF
    dormant = f"the trigger is {state}" if is_off else ""
    if item.get("WorkflowName") and item.get("Type") != "CONDITIONAL":
        source = named.arn_of(here, "glue", f"workflow/{item['WorkflowName']}")
        yield delivery(source, arn, Meaning.FORWARDS, "glue.trigger", dormant=dormant)
    for condition in item.get("Predicate", {}).get("Conditions", ()):
        reached = condition.get("State") or condition.get("CrawlState", "")
        for source in _runs(here, condition):
            meaning = Meaning.ON_FAILURE if reached in FAILURES else Meaning.WRITES
            yield delivery(source, arn, meaning, "glue.trigger", label=reached, dormant=dormant)
    for action in item.get("Actions", ()):
        for target in _runs(here, action):
            yield delivery(arn, target, Meaning.TRIGGERS, "glue.trigger", dormant=dormant)


def _runs(here: Here, item: Item) -> Iterator[str]:
    """The job or the crawler that a condition or an action names."""
    for key, kind in (("JobName", "job"), ("CrawlerName", "crawler")):
        if item.get(key):
            yield named.arn_of(here, "glue", f"{kind}/{item[key]}")
