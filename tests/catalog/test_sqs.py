"""SQS: queues from URLs of any host, and redrive policies."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources, unread
from topology.graph import Meaning

URL = items("sqs/list_queues.hosts")[0]


def test_it_reads_a_queue_from_a_url_of_any_host():
    assert [(queue.arn, queue.name) for queue in resources(read("sqs/list_queues.hosts"))] == [
        (arn("sqs", "jobs"), "jobs"),
        (arn("sqs", "old"), "old"),
        (arn("sqs", "local.fifo"), "local.fifo"),
    ]


def test_a_dead_letter_queue_is_a_failure_path():
    [edge] = edges(read("sqs/get_queue_attributes.redrive", URL))
    assert (edge.source, edge.target) == (arn("sqs", "jobs"), arn("sqs", "jobs-dead"))
    assert (edge.meaning, edge.kind) == (Meaning.ON_FAILURE, "sqs.redrive")


def test_a_malformed_redrive_policy_is_unread_and_not_taken_for_none():
    facts = read("sqs/get_queue_attributes.malformed_redrive", URL)
    assert edges(facts) == []
    [gap] = unread(facts)
    assert (gap.resource, gap.code) == (arn("sqs", "jobs"), "MalformedRedrivePolicy")


def test_it_keeps_how_long_messages_stay_and_who_may_leave_theirs_in_numbers():
    [queue] = resources(read("sqs/get_queue_attributes.fifo", URL))
    assert queue.attributes == {
        "policy": None,
        "fifo": True,
        "visibility_timeout": 30,
        "retention": 345600,
        "max_receives": 5,
        "redrive_permission": "byQueue",
        "redrive_sources": [arn("sqs", "other.fifo")],
    }


def test_a_queue_of_which_little_is_said_is_a_standard_queue():
    [queue] = resources(read("sqs/get_queue_attributes.malformed_redrive", URL))
    assert queue.attributes == {"policy": None, "fifo": False}
