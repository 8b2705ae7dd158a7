"""Tags: what they label, within AWS's own limits."""

from __future__ import annotations

from tests.catalog.recorded import arn, read
from topology.catalog.service import Labelled

RECORDED = "resourcegroupstaggingapi/get_resources.stack"


def test_a_tagged_resource_keeps_its_tags_and_its_stack():
    function, _ = read(RECORDED)
    assert function == Labelled(
        arn("lambda", "function:orders"),
        {"aws:cloudformation:stack-name": "shop", "team": "orders"},
    )


def test_a_tag_is_no_longer_than_aws_lets_it_be_and_labels_the_whole_resource():
    _, group = read(RECORDED)
    assert group == Labelled(arn("logs", "log-group:/aws/lambda/orders"), {"k" * 128: "v" * 256})


def test_a_resource_whose_tags_were_taken_off_labels_nothing():
    assert len(read(RECORDED)) == 2
