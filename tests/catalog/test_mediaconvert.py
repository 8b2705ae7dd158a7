"""MediaConvert: queues, and the buckets that jobs of a template write to."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.graph import Meaning

TEMPLATES = "mediaconvert/list_job_templates.outputs"


def test_it_reads_queues():
    [queue] = resources(read("mediaconvert/list_queues.one"))
    assert (queue.kind, queue.name) == ("mediaconvert.queue", "Default")


def test_jobs_of_a_template_write_where_its_outputs_go():
    found = edges(read(TEMPLATES))
    assert {(edge.kind, edge.meaning) for edge in found} == {
        ("mediaconvert.event", Meaning.FORWARDS)
    }
    assert [(edge.label, edge.source, edge.target) for edge in found] == [
        ("films", arn("mediaconvert", "queues/films"), "arn:aws:s3:::films"),
        ("films", arn("mediaconvert", "queues/films"), "arn:aws:s3:::thumbnails"),
        ("clips", arn("mediaconvert", "queues/Default"), "arn:aws:s3:::clips"),
    ]


def test_nothing_else_of_a_template_is_kept():
    assert "canary" not in repr(read(TEMPLATES))
