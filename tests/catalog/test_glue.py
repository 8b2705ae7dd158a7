"""Glue: jobs and crawlers with their roles, and the triggers that start them."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.catalog.service import Mention
from topology.graph import Meaning

TRIGGERS = "glue/get_triggers.every_type"


def of(thing):
    return arn("glue", thing)


def test_a_job_has_a_role_by_arn_or_by_name():
    found = resources(read("glue/get_jobs.roles"))
    assert [(job.arn, job.kind, dict(job.attributes)) for job in found] == [
        (
            of("job/clean"),
            "glue.job",
            {"role": "arn:aws:iam::111122223333:role/service-role/clean"},
        ),
        (
            of("job/count"),
            "glue.job",
            {"role": "arn:aws:iam::111122223333:role/service-role/count"},
        ),
    ]


def test_what_arguments_mention_is_in_no_repr_and_nothing_else_of_a_job_is_kept():
    facts = read("glue/get_jobs.roles")
    mentions = [fact for fact in facts if isinstance(fact, Mention)]
    assert [(m.actor, m.variable) for m in mentions] == [
        (of("job/clean"), "--OUTPUT"),
        (of("job/clean"), "--password"),
        (of("job/clean"), "--QUEUE"),
    ]
    assert "canary" not in repr(facts)


def test_a_crawler_takes_events_from_queues_and_leaves_what_fails_in_another():
    facts = read("glue/get_crawlers.queues")
    assert [(e.source, e.target, e.meaning, e.kind) for e in edges(facts)] == [
        (arn("sqs", "landed"), of("crawler/landing"), Meaning.TRIGGERS, "glue.crawler.queue"),
        (
            of("crawler/landing"),
            arn("sqs", "landed-dead"),
            Meaning.ON_FAILURE,
            "glue.crawler.queue",
        ),
        (arn("sqs", "catalogued"), of("crawler/landing"), Meaning.TRIGGERS, "glue.crawler.queue"),
    ]
    assert [crawler.attributes["role"] for crawler in resources(facts)] == [
        "arn:aws:iam::111122223333:role/service-role/crawl",
        "arn:aws:iam::111122223333:role/crawl",
    ]
    assert "canary" not in repr(facts)


def test_a_workflow_fires_its_first_trigger_and_runs_that_end_fire_the_others():
    found = edges(read(TRIGGERS))
    assert {edge.kind for edge in found} == {"glue.trigger"}
    fired = [edge for edge in found if edge.target.startswith(of("trigger/"))]
    assert [(edge.source, edge.target, edge.meaning, edge.label) for edge in fired] == [
        (of("workflow/nightly"), of("trigger/start"), Meaning.FORWARDS, ""),
        (of("job/clean"), of("trigger/then"), Meaning.WRITES, "SUCCEEDED"),
        (of("job/clean"), of("trigger/then"), Meaning.ON_FAILURE, "FAILED"),
        (of("crawler/landing"), of("trigger/then"), Meaning.WRITES, "SUCCEEDED"),
    ]


def test_a_trigger_starts_its_jobs_and_crawlers():
    found = edges(read(TRIGGERS))
    started = [edge for edge in found if edge.source.startswith(of("trigger/"))]
    assert {edge.meaning for edge in started} == {Meaning.TRIGGERS}
    assert [(edge.source, edge.target, edge.dormant) for edge in started] == [
        (of("trigger/start"), of("crawler/landing"), ""),
        (of("trigger/start"), of("job/clean"), ""),
        (of("trigger/then"), of("job/count"), ""),
        (of("trigger/hourly"), of("job/count"), "the trigger is DEACTIVATED"),
        (of("trigger/by-hand"), of("job/count"), ""),
    ]
    assert "canary" not in repr(read(TRIGGERS))


def test_workflows_are_drawn_even_before_they_have_triggers():
    [workflow] = resources(read("glue/list_workflows.one"))
    assert (workflow.kind, workflow.arn) == ("glue.workflow", of("workflow/nightly"))
