"""S3 Control: access points, Object Lambda access points and batch jobs.

Multi-Region access points answer in one Region only, us-west-2, and are not read.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from topology.catalog import s3
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, OfHere, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets.events import EventSet

ACCESS_POINT = "s3.accesspoint"
OBJECT_LAMBDA = "s3.olap"
JOB = "s3.job"

service = Service(
    client="s3control",
    title="Amazon S3 Control",
    iam_prefix="s3",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html",
    kinds=(
        Kind(ACCESS_POINT, "S3 access point", Part.CHANNEL, guarded=True),
        Kind(OBJECT_LAMBDA, "Object Lambda access point", Part.CHANNEL),
        Kind(JOB, "S3 batch job", Part.OTHER),
    ),
    writes=(
        # IAM compares <access point>/object/<key>.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
        *(replace(write, on=ACCESS_POINT, keyed="/object/") for write in s3.service.writes),
        Write(
            "read",
            OBJECT_LAMBDA,
            (
                "s3-object-lambda:GetObject",
                "s3-object-lambda:GetObjectVersion",
                "s3-object-lambda:ListBucket",
            ),
        ),
    ),
    edges=(ACCESS_POINT, OBJECT_LAMBDA, "s3.batchops"),
)

HERE = OfHere("account")
GONE = frozenset({"NoSuchAccessPoint"})
NO_POLICY = frozenset({"NoSuchAccessPointPolicy"})
UNDER_WAY = ["Active", "New", "Paused", "Pausing", "Preparing", "Ready", "Suspended"]

access_points = Call(
    "list_access_points",
    items="AccessPointList",
    parameters={"AccountId": HERE},
    token=("NextToken", "NextToken"),
    omits_empty=True,
)
policies = Call(
    "get_access_point_policy",
    for_each=access_points,
    parameters={"AccountId": HERE, "Name": Of("Name")},
    absent=NO_POLICY,
    gone=GONE,
    names=itemgetter("Name"),
)
object_lambdas = Call(
    "list_access_points_for_object_lambda",
    items="ObjectLambdaAccessPointList",
    parameters={"AccountId": HERE},
    omits_empty=True,
)
configurations = Call(
    "get_access_point_configuration_for_object_lambda",
    for_each=object_lambdas,
    parameters={"AccountId": HERE, "Name": Of("Name")},
    gone=GONE,
    names=itemgetter("Name"),
)
object_lambda_policies = Call(
    "get_access_point_policy_for_object_lambda",
    for_each=object_lambdas,
    parameters={"AccountId": HERE, "Name": Of("Name")},
    absent=NO_POLICY,
    gone=GONE,
    names=itemgetter("Name"),
)
jobs = Call(
    "list_jobs",
    items="Jobs",
    parameters={"AccountId": HERE, "JobStatuses": UNDER_WAY},
    token=("NextToken", "NextToken"),
    omits_empty=True,
)
job_details = Call(
    "describe_job",
    for_each=jobs,
    parameters={"AccountId": HERE, "JobId": Of("JobId")},
    gone=frozenset({"NoSuchJob"}),
    names=itemgetter("JobId"),
)


@service.reads(access_points)
def access_point(here: Here, item: Item) -> Iterator[Fact]:
    """A second name of a bucket, with rights of its own: what is written there is in the bucket."""
    arn, alias = _access_point(here, item), item.get("Alias", "")
    yield resource(here, arn, ACCESS_POINT, alias=alias)
    bucket = f"arn:{here.partition}:s3:::{item['Bucket']}"
    yield delivery(arn, bucket, Meaning.FORWARDS, ACCESS_POINT)


@service.reads(policies)
def policy(here: Here, item: Item, access_point: Item) -> Iterator[Fact]:
    """Who else may write through the access point."""
    arn = _access_point(here, access_point)
    yield resource(here, arn, ACCESS_POINT, policy=item.get("Policy"))


@service.reads(object_lambdas)
def object_lambda(here: Here, item: Item) -> Iterator[Fact]:
    """An access point whose readers get what a function makes of an object."""
    yield resource(here, _object_lambda(here, item), OBJECT_LAMBDA)


@service.reads(configurations)
def transformation(here: Here, item: Item, access_point: Item) -> Iterator[Fact]:
    """One edge per transformation: to read is to invoke the function."""
    for each in item["Configuration"]["TransformationConfigurations"]:
        function = each["ContentTransformation"].get("AwsLambda", {}).get("FunctionArn")
        if function:
            yield delivery(
                _object_lambda(here, access_point),
                function,
                Meaning.TRIGGERS,
                OBJECT_LAMBDA,
                label=", ".join(sorted(each["Actions"])),
            )


@service.reads(object_lambda_policies)
def object_lambda_policy(here: Here, item: Item, access_point: Item) -> Iterator[Fact]:
    """Who else may read through the access point."""
    arn = _object_lambda(here, access_point)
    yield resource(here, arn, OBJECT_LAMBDA, policy=item.get("Policy"))


@service.reads(job_details)
def job(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A batch job that is not done, and where it leads: events enter here, and once only."""
    details = item["Job"]
    arn = details.get("JobArn") or (
        f"arn:{here.partition}:s3:{here.region}:{here.account}:job/{listed['JobId']}"
    )
    status = details.get("Status", "")
    yield resource(here, arn, JOB, status=status, operation=listed.get("Operation", ""))
    dormant = "the job waits to be confirmed" if status == "Suspended" else ""
    for target, meaning in _targets(details):
        yield delivery(arn, target, meaning, "s3.batchops", dormant=dormant)


def _targets(details: Item) -> Iterator[tuple[str, Meaning]]:
    """The function or bucket a job works on, and the bucket its report goes to."""
    operation, report = details.get("Operation", {}), details.get("Report", {})
    found = {
        operation.get("LambdaInvoke", {}).get("FunctionArn"): Meaning.TRIGGERS,
        operation.get("S3PutObjectCopy", {}).get("TargetResource"): Meaning.WRITES,
        report.get("Bucket") if report.get("Enabled") else None: Meaning.WRITES,
    }
    return ((target, meaning) for target, meaning in found.items() if target)


def _access_point(here: Here, item: Item) -> str:
    own = f"arn:{here.partition}:s3:{here.region}:{here.account}:accesspoint/{item['Name']}"
    return item.get("AccessPointArn") or own


def _object_lambda(here: Here, item: Item) -> str:
    place = f"{here.partition}:s3-object-lambda:{here.region}:{here.account}"
    return item.get("ObjectLambdaAccessPointArn") or f"arn:{place}:accesspoint/{item['Name']}"


@service.carries(ACCESS_POINT)
def in_the_bucket(events: EventSet, edge: Edge, bucket: Resource) -> EventSet:
    """A bucket tells of what comes through an access point as of anything else."""
    return events
