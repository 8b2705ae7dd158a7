"""Where deliveries leave what was read, and why nothing is known beyond."""

from __future__ import annotations

import pytest

from tests.reports.test_report import report
from tests.reports.written import as_text
from tests.world import REGION, World
from topology.graph import Meaning

FAR = "arn:aws:sqs:us-east-1:111122223333:far"
GONE = f"arn:aws:lambda:{REGION}:111122223333:function:gone"
OWN = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"
THEIRS = f"arn:aws:sqs:{REGION}:444455556666:theirs"
UNREAD = f"arn:aws:imaginary:{REGION}:111122223333:thing/one"


@pytest.mark.parametrize(
    ("target", "because"),
    [
        ("https://hooks.example.com", "it is outside AWS"),
        (THEIRS, "account 444455556666 is not connected"),
        (UNREAD, "Loopscope does not read imaginary"),
        (FAR, "Region us-east-1 was not read"),
        (OWN, "it is AWS's own"),
        ("arn:aws:s3:::partner-files", "no connected account has it"),
    ],
)
def test_a_delivery_to_something_that_was_not_read_says_why(target, because):
    world = World()
    topic = world.topic("news")
    world.edge(topic, target, Meaning.FORWARDS, "sns.sub.sqs", "one")
    world.edge(topic, target, Meaning.FORWARDS, "sns.sub.sqs", "two")
    told = report(world.graph())
    assert [(end.target, end.because, end.edges) for end in told.ends] == [(target, because, 2)]
    assert f"  {target}: {because}." in as_text(told)


def test_what_is_not_there_is_no_end():
    world = World()
    world.edge(world.topic("news"), GONE, Meaning.TRIGGERS, "sns.sub.lambda")
    assert report(world.graph()).ends == ()


def test_what_was_read_is_no_end():
    world = World()
    world.subscribe(world.topic("news"), world.queue("jobs"))
    assert report(world.graph()).ends == ()
