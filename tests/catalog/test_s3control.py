"""S3 Control: access points, what transforms objects on their way out, and batch jobs."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources
from tests.inference.estate import allow, function, role
from tests.inference.estate import resource as known
from topology.analysis import analyse
from topology.catalog import s3, s3control
from topology.graph import Edge, Meaning, graph
from topology.verdict import LoopVerdict

UPLOAD, PARTNER = items("s3control/list_access_points.two")
(REDACTED,) = items("s3control/list_access_points_for_object_lambda.one")
(JOB,) = items("s3control/list_jobs.one")


def test_an_access_point_leads_to_its_bucket_whoever_owns_that():
    facts = read("s3control/list_access_points.two")
    upload, partner = edges(facts)
    assert (upload.kind, upload.meaning) == ("s3.accesspoint", Meaning.FORWARDS)
    assert (upload.source, upload.target) == (UPLOAD["AccessPointArn"], "arn:aws:s3:::uploads")
    assert partner.target == "arn:aws:s3:::partner-files"
    assert {r.account for r in resources(facts)} == {HERE.account}
    assert resources(facts)[0].attributes == {"alias": "upload-abc123-s3alias"}


def test_an_access_point_keeps_its_policy():
    [point] = resources(read("s3control/get_access_point_policy.partner", UPLOAD))
    assert point.arn == UPLOAD["AccessPointArn"]
    assert "role/partner" in point.attributes["policy"]


def through_the_access_point(keys, prefix=""):
    """A function that an upload starts, and that may write some keys through an access point."""
    actor = function("convert")
    rules = [{"Name": "Prefix", "Value": prefix}] if prefix else []
    configuration = {
        "Id": "on-upload",
        "LambdaFunctionArn": actor.arn,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": rules}},
    }
    bucket = {"Name": "uploads"}
    facts = [
        *s3.bucket(HERE, bucket),
        *s3.notification(HERE, {"LambdaFunctionConfigurations": [configuration]}, bucket),
        *read("s3control/list_access_points.two"),
    ]
    statement = allow("s3:PutObject", f"{UPLOAD['AccessPointArn']}/object/{keys}")
    nodes = [actor, role(statement), *resources(facts)]
    return [loop.verdict for loop in analyse(graph(nodes, edges(facts))).loops]


def test_a_write_through_an_access_point_comes_back_as_one_to_the_bucket():
    assert through_the_access_point("*") == [LoopVerdict.GUARDED]
    assert through_the_access_point("in/*", "in/") == [LoopVerdict.GUARDED]


def test_a_write_through_an_access_point_of_other_keys_does_not_come_back():
    assert through_the_access_point("out/*", "in/") == [LoopVerdict.BLOCKED]


def test_to_read_through_object_lambda_is_to_invoke_its_functions():
    case = "s3control/get_access_point_configuration_for_object_lambda.two_functions"
    facts = read(case, REDACTED)
    assert [(e.kind, e.label, e.target, e.meaning) for e in edges(facts)] == [
        ("s3.olap", "GetObject, HeadObject", arn("lambda", "function:redact"), Meaning.TRIGGERS),
        ("s3.olap", "ListObjectsV2", arn("lambda", "function:hide"), Meaning.TRIGGERS),
    ]
    (point,) = resources(read("s3control/list_access_points_for_object_lambda.one"))
    assert {edge.source for edge in edges(facts)} == {point.arn}
    assert "canary" not in repr(facts)


def test_an_object_lambda_access_point_keeps_its_policy():
    case = "s3control/get_access_point_policy_for_object_lambda.partner"
    [point] = resources(read(case, REDACTED))
    assert point.arn == REDACTED["ObjectLambdaAccessPointArn"]
    assert "role/partner" in point.attributes["policy"]


def test_a_function_that_reads_what_it_transforms_is_a_loop():
    actor = function("redact")
    point = known(REDACTED["ObjectLambdaAccessPointArn"], "s3.olap")
    edge = Edge(point.arn, actor.arn, Meaning.TRIGGERS, "s3.olap")
    for action, count in (("s3-object-lambda:GetObject", 1), ("s3:GetObject", 0)):
        nodes = [actor, point, role(allow(action, point.arn))]
        assert len(analyse(graph(nodes, [edge])).loops) == count


def test_a_batch_job_leads_to_its_function_and_its_report():
    facts = read("s3control/describe_job.lambda", JOB)
    assert [(e.kind, e.target, e.meaning) for e in edges(facts)] == [
        ("s3.batchops", arn("lambda", "function:convert"), Meaning.TRIGGERS),
        ("s3.batchops", "arn:aws:s3:::logs", Meaning.WRITES),
    ]
    [job] = resources(facts)
    assert {edge.source for edge in edges(facts)} == {job.arn}
    assert "canary" not in repr(facts)


def test_a_batch_job_that_waits_to_be_confirmed_is_dormant():
    facts = read("s3control/describe_job.copy", JOB)
    [edge] = edges(facts)
    assert (edge.target, edge.dormant) == ("arn:aws:s3:::archive", "the job waits to be confirmed")
    assert "canary" not in repr(facts)


def test_only_jobs_that_are_not_done_are_asked_for():
    assert not {"Complete", "Failed", "Cancelled"} & set(s3control.UNDER_WAY)
