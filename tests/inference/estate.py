"""A small account to infer writes in: channels, roles, functions and policy statements."""

from topology import arn as arns
from topology.catalog.service import Write
from topology.graph import Resource, graph
from topology.inference.writes import permitted_writes
from topology.sets import strings

HOME, ABROAD = "111122223333", "444455556666"
KEY = ("key",)
PUT = Write("put", "s3.bucket", ("s3:PutObject",), keyed="/", key_at=KEY)
DELETE = Write(
    "delete", "s3.bucket", ("s3:DeleteObject", "s3:DeleteObjectVersion"), keyed="/", key_at=KEY
)
SEND = Write("send", "sqs.queue", ("sqs:SendMessage",))
STORE = Write("put", "dynamodb.table", ("dynamodb:PutItem", "dynamodb:UpdateItem"))
INVOKE = Write("invoke", "lambda.function", ("lambda:InvokeFunction",))
WRITES = (PUT, DELETE, SEND, STORE, INVOKE)

UPLOADS, LOGS = "arn:aws:s3:::uploads", "arn:aws:s3:::logs"
INVOICES = f"arn:aws:sqs:eu-west-1:{HOME}:invoices"
FAR = f"arn:aws:sqs:eu-west-1:{ABROAD}:invoices"
TABLE = f"arn:aws:dynamodb:eu-west-1:{HOME}:table/customers"


def resource(arn, kind, account="", **attributes):
    found = arns.parse(arn)
    home = account or found.account or HOME
    return Resource(arn, kind, home, found.region, found.name, attributes)


CHANNELS = (
    resource(UPLOADS, "s3.bucket"),
    resource(LOGS, "s3.bucket"),
    resource(INVOICES, "sqs.queue"),
    resource(TABLE, "dynamodb.table"),
)


def statement(effect, action, to, **more):
    return {"Effect": effect, "Action": action, "Resource": to, **more}


def allow(action, to="*", **more):
    return statement("Allow", action, to, **more)


def deny(action, to="*", **more):
    return statement("Deny", action, to, **more)


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(*statements, name="orders", **more):
    arn = f"arn:aws:iam::{HOME}:role/{name}"
    policies = [{"name": "write-results", "document": document(*statements)}] if statements else []
    return resource(
        arn, "iam.role", **{"policies": policies, "attached": [], "boundary": None, **more}
    )


def function(name="orders", role="orders", environment=()):
    return resource(
        f"arn:aws:lambda:eu-west-1:{HOME}:function:{name}",
        "lambda.function",
        role=f"arn:aws:iam::{HOME}:role/{role}",
        environment=[{"variable": variable, "names": arn} for variable, arn in environment],
    )


def written(*resources, channels=CHANNELS, writes=WRITES):
    return permitted_writes(graph([*channels, *resources], ()), writes)


def deed(write):
    """The catalog's write that an edge stands for."""
    return next(each for each in WRITES if write.edge.kind == f"iam.{each.on}.{each.name}")


def edges(found):
    return {(each.edge.target, deed(each).name): each for each in found.writes}


def keys(events):
    """Every key that may be written."""
    found = [dict(box.scalars)[KEY].strings for box in events.boxes]
    return strings.union(found)
