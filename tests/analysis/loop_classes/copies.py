"""Loops of buckets that are written because they were written: logs, trails, replicas, copies."""

from __future__ import annotations

from tests.analysis.loop_classes import case
from tests.world import World, allow
from topology import arn as arns
from topology.graph import Meaning
from topology.inference import refuters
from topology.verdict import LoopVerdict


@case("L13", LoopVerdict.LIVE, says=("does not follow events through trail audit",))
def a_trail_that_logs_what_happens_to_its_own_bucket(world):
    bucket, trail = world.bucket("audit-logs"), world.trail("audit")
    world.edge(bucket, trail, Meaning.FORWARDS, "cloudtrail.data")
    world.edge(trail, bucket, Meaning.WRITES, "cloudtrail.out")


@case("L13", None)
def a_trail_that_leaves_its_own_bucket_out(world):
    bucket, trail = world.bucket("audit-logs"), world.trail("audit")
    world.edge(world.bucket("uploads"), trail, Meaning.FORWARDS, "cloudtrail.data")
    world.edge(trail, bucket, Meaning.WRITES, "cloudtrail.out")


@case("L13", LoopVerdict.BLOCKED, says=("The trail suppresses recursive logging.",))
def a_trail_that_does_not_log_its_own_deliveries(world):
    bucket, trail = world.bucket("audit-logs"), world.trail("audit")
    suppressed = "the trail suppresses recursive logging"
    world.edge(bucket, trail, Meaning.FORWARDS, "cloudtrail.data", dormant=suppressed)
    world.edge(trail, bucket, Meaning.WRITES, "cloudtrail.out")


@case("L14", LoopVerdict.LIVE, says=("no Lambda function on the way",))
def a_bucket_that_keeps_its_own_access_logs(world):
    bucket = world.bucket("uploads")
    world.edge(bucket, bucket, Meaning.WRITES, "s3.logging")


@case("L14", LoopVerdict.LIVE)
def two_buckets_that_keep_each_others_access_logs(world):
    one, other = world.bucket("one"), world.bucket("other")
    world.edge(one, other, Meaning.WRITES, "s3.logging")
    world.edge(other, one, Meaning.WRITES, "s3.logging")


@case("L14", None)
def a_bucket_for_access_logs_that_is_not_logged_itself(world):
    world.edge(world.bucket("uploads"), world.bucket("logs"), Meaning.WRITES, "s3.logging")


@case(
    "L26",
    LoopVerdict.BLOCKED,
    says=("S3 does not replicate again what replication wrote.",),
    rule=refuters.replica_of_a_replica,
)
def two_buckets_that_replicate_each_other(world):
    one, other = world.bucket("one"), world.bucket("other")
    world.replicate(one, other)
    world.replicate(other, one)


def copies(world: World, source: str, target: str, events: tuple[str, ...]) -> None:
    statement = allow("s3:PutObject", f"{target}/*")
    function = world.function(f"from-{arns.name(source)}", statement, names=[target])
    world.notify(source, function, events)


@case("L26", LoopVerdict.GUARDED, guarded=True)
def two_functions_that_copy_between_two_buckets(world):
    one, other = world.bucket("one"), world.bucket("other")
    copies(world, one, other, ("s3:ObjectCreated:*",))
    copies(world, other, one, ("s3:ObjectCreated:*",))


@case("L26", LoopVerdict.GUARDED, guarded=True)
def replication_one_way_and_a_function_that_copies_back(world):
    one, other = world.bucket("one"), world.bucket("other")
    world.replicate(one, other)
    copies(world, other, one, ("s3:ObjectCreated:*",))


@case("L26", LoopVerdict.BLOCKED, says=('"ObjectRemoved:*"',))
def a_function_that_copies_and_one_that_hears_only_deletions(world):
    one, other = world.bucket("one"), world.bucket("other")
    copies(world, one, other, ("s3:ObjectCreated:*",))
    copies(world, other, one, ("s3:ObjectRemoved:*",))
