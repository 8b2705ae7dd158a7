"""ARNs: what is cut off to name the resource a revision, a version or an id belongs to."""

from __future__ import annotations

import pytest

from topology import arn as arns

HERE = "eu-west-1:111122223333"


@pytest.mark.parametrize(
    ("named", "resource", "qualifier"),
    [
        ("ecs:{}:task-definition/report:3", "ecs:{}:task-definition/report", "3"),
        ("ecs:{}:task-definition/report", "ecs:{}:task-definition/report", ""),
        ("ecs:{}:service/shop/report", "ecs:{}:service/shop/report", ""),
        ("batch:{}:job-definition/report:12", "batch:{}:job-definition/report", "12"),
        ("batch:{}:job-queue/report", "batch:{}:job-queue/report", ""),
        ("ssm:{}:automation-definition/mend:$DEFAULT", "ssm:{}:document/mend", "$DEFAULT"),
        ("ssm:{}:document/mend", "ssm:{}:document/mend", ""),
        ("cloudformation:{}:stack/shop/0a1b-2c3d", "cloudformation:{}:stack/shop", "0a1b-2c3d"),
        ("execute-api:{}:a1b2c3/prod/POST/orders", "execute-api:{}:a1b2c3", "prod/POST/orders"),
        ("execute-api:{}:a1b2c3", "execute-api:{}:a1b2c3", ""),
        ("appsync:{}:apis/q7/types/Query/fields/a", "appsync:{}:apis/q7", "types/Query/fields/a"),
        ("appsync:{}:endpoints/graphql-api/g5", "appsync:{}:endpoints/graphql-api/g5", ""),
        ("cloudformation:{}:stackset/shop:0a1b", "cloudformation:{}:stackset/shop:0a1b", ""),
    ],
)
def test_it_cuts_off_what_names_a_part(named, resource, qualifier):
    cut = arns.canonical(f"arn:aws:{named.format(HERE)}")
    assert cut == (f"arn:aws:{resource.format(HERE)}", qualifier)


def test_a_pattern_for_revisions_is_cut_as_an_arn_is():
    pattern = "arn:aws:ecs:*:*:task-definition/report:*"
    assert arns.canonical(pattern) == ("arn:aws:ecs:*:*:task-definition/report", "*")
