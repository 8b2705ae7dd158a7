"""OpenSearch Ingestion: what feeds a pipeline, and the roles it takes."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

[LISTED] = items("osis/list_pipelines.one")
PIPELINE = arn("osis", "pipeline/logs")
FACTS = read("osis/get_pipeline.every_source", LISTED)


def test_a_pipeline_is_fed_by_every_source_its_configuration_names():
    fed = [edge for edge in edges(FACTS) if edge.target == PIPELINE]
    assert [edge.source for edge in fed] == [
        arn("sqs", "uploads"),
        arn("dynamodb", "table/orders"),
        arn("kinesis", "stream/clicks"),
        arn("kinesis", "stream/theirs", "444455556666"),
    ]
    assert {(edge.kind, edge.meaning) for edge in fed} == {("osis.pipeline", Meaning.TRIGGERS)}


def test_a_pipeline_acts_under_every_role_it_takes():
    assert {each.arn: each.attributes["role"] for each in resources(FACTS)} == {
        PIPELINE: "arn:aws:iam::111122223333:role/reads",
        f"{PIPELINE}/role/writes": "arn:aws:iam::111122223333:role/writes",
    }
    [part] = [edge for edge in edges(FACTS) if edge.source == PIPELINE]
    assert part.target == f"{PIPELINE}/role/writes"


def test_a_pipeline_that_was_stopped_is_dormant_and_may_have_its_role_beside_its_text():
    facts = read("osis/get_pipeline.stopped", LISTED)
    [pipeline] = resources(facts)
    assert pipeline.attributes == {"role": "arn:aws:iam::111122223333:role/pipeline"}
    assert [edge.dormant for edge in edges(facts)] == ["the pipeline is STOPPED"]


def test_nothing_else_of_its_text_is_kept():
    assert "canary" not in repr(FACTS)
    assert "commented-out" not in repr(FACTS)


def test_a_configuration_in_one_line_is_read_as_well():
    facts = read("osis/get_pipeline.in_json", LISTED)
    assert [edge.source for edge in edges(facts)] == [
        arn("sqs", "uploads"),
        arn("kafka", "cluster/orders/1-2"),
    ]
    assert [each.attributes["role"] for each in resources(facts)] == [
        "arn:aws:iam::111122223333:role/reads"
    ]
    assert "canary" not in repr(facts)
