"""Code is read of what may lie on a loop alone; it sharpens verdicts, and failures hide nothing."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from tests.evidence.code import zips
from tests.rig import estate
from tests.store.observations import account
from topology import catalog, crawl, runs, store
from topology.graph import Evidence
from topology.models import RunState
from topology.reports import json_report
from topology.reports.formats import plain_text
from topology.runs.reading import _versions_come_to
from topology.verdict import LoopVerdict

pytestmark = pytest.mark.slow

GET, PACKAGE = "lambda.GetFunction", "s3.GetObject"
HANDLER = """
const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
const client = new SQSClient({});
exports.handler = async (event) => {
  await client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: "x" }));
};
"""


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    for service in catalog.services():
        monkeypatch.setattr(service, "rate", None)


@pytest.fixture
def again(aws):
    """A function that polls a queue and sends to it, and one that nothing leads back to."""
    iam, functions = aws.client("iam"), aws.client("lambda")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=estate.TRUST)
    allow_all = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]
    allowed = json.dumps({"Version": "2012-10-17", "Statement": allow_all})
    iam.put_role_policy(RoleName="worker", PolicyName="send", PolicyDocument=allowed)
    queue = aws.client("sqs").create_queue(QueueName="again")["QueueUrl"]
    for name in ("again", "alone"):
        functions.create_function(
            FunctionName=name,
            Runtime="nodejs22.x",
            Role=f"arn:aws:iam::{aws.id}:role/worker",
            Handler="index.handler",
            Code={"ZipFile": zips.zipped({"index.js": HANDLER})},
            Environment={"Variables": {"QUEUE_URL": queue}},
        )
    functions.create_event_source_mapping(
        EventSourceArn=aws.arn("sqs", "again"), FunctionName="again"
    )


@pytest.fixture
def audit(aws, proxy):
    return lambda *evidence: runs.audit(
        aws.through(proxy.url), [aws.region], evidence=evidence, say=lambda _line: None
    )


def coded(loop):
    return [hop for hop in loop.hops if hop.edge.evidence is Evidence.CODED]


def test_a_call_in_the_code_is_evidence_with_file_and_line(again, audit, proxy):
    report = audit("code")
    [loop] = [each for each in report.loops if coded(each)]
    [hop] = coded(loop)
    assert loop.verdict in (LoopVerdict.LIVE, LoopVerdict.GUARDED)
    assert any(proof.where == "index.js:5" for proof in report.proofs(hop))
    asked = [each.parameters["FunctionName"] for each in proxy.log if each.name == GET]
    assert asked == ["again"]
    document = json_report.to_json(report)
    [row] = document["code"]
    assert (row["subject_name"], row["not_read"], row["calls"]) == ("again", "", 1)
    assert "again: Read" in plain_text.render(document)


def test_what_fails_is_said_and_leaves_the_verdicts_and_the_gaps(again, audit, proxy):
    before = audit()
    proxy.deny(GET)
    after = audit("code")
    assert (after.verdict, after.gaps) == (before.verdict, before.gaps)
    assert [each.verdict for each in after.loops] == [each.verdict for each in before.loops]
    [row] = after.code
    assert row.not_read
    told = plain_text.render(json_report.to_json(after))
    assert f"Not read: {row.not_read}." in " ".join(told.split())
    assert before.code == ()


def test_the_version_is_read_that_events_come_to(aws, again):
    function, _ = _of(aws)
    aliased = replace(
        function, attributes={**function.attributes, "aliases": {"live": ["2", "11"]}}
    )

    def come(*qualifiers):
        edges = [
            replace(edge, attributes={"qualifier": each})
            for edge in _of(aws)[1]
            for each in qualifiers
        ]
        return _versions_come_to([aliased], edges)[function.arn]

    assert come() == "$LATEST"
    assert come("live") == "11"
    assert come("7") == "7"
    assert come("live", "") == "$LATEST"


def _of(aws):
    observation = crawl.observe(aws.connection, aws.identity, aws.region)
    [function] = [each for each in observation.resources if each.arn.endswith(":function:again")]
    return function, [edge for edge in observation.edges if edge.target == function.arn]


@pytest.mark.skipif(
    "LOOPSCOPE_TEST_DATABASE_URL" in os.environ, reason="what is asked depends on no database"
)
@pytest.mark.django_db(transaction=True)
def test_a_crawl_reads_code_once_for_accounts_that_allow_it(aws, again, proxy, worker, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    connected = account()
    connected.account_id, connected.role_arn, connected.regions = aws.id, aws.role_arn, [aws.region]
    connected.evidence = ["code"]
    connected.save()
    for downloads in (1, 0):
        proxy.log.clear()
        run = runs.request(connected)
        worker.work_off()
        run.refresh_from_db()
        assert run.state == RunState.PUBLISHED
        assert sum(each.name == PACKAGE for each in proxy.log) == downloads
        analysed = store.latest_analysis(connected.workspace)
        assert analysed
        assert analysed.moment == run.moment
        [row] = analysed.report["code"]
        assert row["how"].startswith("Read")
