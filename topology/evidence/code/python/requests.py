"""What operations are called on, and with which keys: requests as calls of AWS.

Source: https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-uploading-files.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from topology.catalog.code_calls import HARMLESS
from topology.catalog.sdk_calls import READS
from topology.catalog.sdk_calls import TARGETS as WRITING
from topology.catalog.sdk_names import ACTIONS as NEEDED
from topology.evidence.code.parameters import TARGETS
from topology.evidence.code.python.actions import ACTIONS, BATCHES, KINDS
from topology.evidence.code.python.arguments import Arguments, Given, Part
from topology.evidence.code.python.guards import guard
from topology.evidence.code.python.objects import Batch, Client, Collection, Named, Resource
from topology.evidence.code.python.sdk import Request, root
from topology.evidence.code.reading import CodeCall
from topology.sets.recipes import Anything, Either, Known, Recipe

WHOLE = ("CompleteMultipartUpload",)  # what large uploads end with, beside what they are called
# Methods of clients that are no operations: what they ask for, where their parameters stand.
TRANSFERS = {
    "upload_file": ("PutObject", ("Filename", "Bucket", "Key")),
    "upload_fileobj": ("PutObject", ("Fileobj", "Bucket", "Key")),
    "copy": ("CopyObject", ("CopySource", "Bucket", "Key")),
    "generate_presigned_post": ("PutObject", ("Bucket", "Key")),
}
OF_RESOURCES = {
    "upload_file": ("Filename", "Key"),
    "upload_fileobj": ("Fileobj", "Key"),
    "copy": ("CopySource", "Key"),
}
DOWNLOADS = ("download_file", "download_fileobj")
SPELLED = {
    name.lower(): name
    for name in (
        *(operation for _, operation in WRITING),
        *(each.partition(":")[2] for each in (*NEEDED, *HARMLESS)),
    )
}
# Names that only operations have: where what they are called on is not known, that is a doubt.
DISTINCT = frozenset(TRANSFERS) - {"copy"} | {
    "".join(f"_{c.lower()}" if c.isupper() else c for c in operation)[1:]
    for operation in SPELLED.values()
    if sum(map(str.isupper, operation)) > 1
}
AT_RUN_TIME = "This names an operation of AWS at run time."
NO_SERVICE = "This makes a client of a service that is named at run time."
NOT_FOLLOWED = "This uses resources of a service whose resources are not followed."
OF_OBJECTS = frozenset(operation for service, operation in WRITING if service == "s3") - {
    "DeleteObjects"
}


class Requests(Arguments):
    """Turns what was found into calls."""

    def calls(self, reached: frozenset[str]) -> Iterator[CodeCall]:
        """Every call that may write; what cannot be told is a doubt of the flow's."""
        for request in list(self.flow.requests):
            is_reached = request.scope.source.name in reached
            for service, operation, target, key, fields in self._parts(request):
                if READS.match(operation):
                    continue
                yield CodeCall(
                    request.scope.source.path,
                    getattr(request.node, "lineno", 0),
                    service,
                    operation,
                    target,
                    key,
                    fields,
                    guard(self.texts, self.flow.called.get(request.node, request.node)),
                    is_reached,
                )
        yield from self._layers(reached)

    def _parts(self, request: Request) -> Iterator[Part]:
        match request.of:
            case Client():
                yield from self._of_client(request, request.of)
            case Resource() as of:
                yield from self._of_resource(request, of)
            case Batch(table=table):
                yield "dynamodb", "BatchWriteItem", self.identified(table)[0], None, ()
            case Collection(kind=kind, parent=parent):
                operation = BATCHES.get((kind, request.name))
                services = [] if parent is None else self.services(Client(root(parent)))
                if operation is None or services != [KINDS[kind]]:
                    self._doubt(request, NOT_FOLLOWED)
                else:
                    of = Resource(kind, None, parent)
                    yield KINDS[kind], operation, *self.identified(of), ()

    def services(self, client: Client) -> list[str]:
        """The services that a client may be of; empty: not told."""
        if client.site is None:
            return []
        name = self.named(client.site, ("service_name",), 0)
        options = name.options if isinstance(name, Either) else (name,)
        found = [each.text for each in options if isinstance(each, Known)]
        return found if len(found) == len(options) else []

    def _of_client(self, request: Request, client: Client) -> Iterator[Part]:
        services = self.services(client)
        if not services:
            self._doubt(request, NO_SERVICE)
            return
        call = self.flow.called.get(request.node) or self.submitted(request.node)
        for service in services:
            yield from self._operation(request, service, request.name, call)

    def _operation(
        self, request: Request, service: str, name: str, call: ast.Call | None
    ) -> Iterator[Part]:
        if name in ("get_paginator", "generate_presigned_url"):
            first = ("operation_name",) if name == "get_paginator" else ("ClientMethod",)
            named = self.named(call, first, 0) if call is not None else Anything()
            if not isinstance(named, Known):
                self._doubt(request, AT_RUN_TIME)
                return
            held = self.parameters(call) if name == "generate_presigned_url" else None
            yield from self._called(service, operation_of(named.text), held)
            return
        if service == "s3" and name in DOWNLOADS:
            return
        given = self.given(call)
        if service == "s3" and name in TRANSFERS:
            operation, places = TRANSFERS[name]
            target, key = (
                self.one(given, (each,), places.index(each)) for each in ("Bucket", "Key")
            )
            yield service, operation, target, key, ()
            if name != "generate_presigned_post":
                yield service, WHOLE[0], target, key, ()
            return
        yield from self._called(service, operation_of(name), given)

    def _called(self, service: str, operation: str, given: Given | None) -> Iterator[Part]:
        given = given or Given(None, ())
        if operation == "PutEvents":
            yield from self.events(given)
            return
        if operation in ("BatchWriteItem", "TransactWriteItems"):
            for table in self.tables(given, operation):
                yield service, operation, table, None, ()
            return
        target = self.one(given, TARGETS.get(service, ()))
        key = None
        if service == "s3" and operation in OF_OBJECTS:
            key = self.one(given, ("Key",))
        yield service, operation, target, key, ()

    def identified(self, of: Resource) -> tuple[Recipe, Recipe | None]:
        """What a resource's target and key are."""
        keyed = KINDS.get(of.kind) == "s3" and not of.kind.startswith("Bucket")
        parent = of.parent
        around = (
            self.identified(parent) if parent is not None and parent.kind else (Anything(), None)
        )
        is_inside = parent is not None and bool(parent.kind)
        if of.site is None:
            target = around[0] if is_inside and keyed else Anything()
            if of.kind == "Message" and is_inside:
                target = around[0]
            return target, Anything() if keyed else None
        if of.kind in ("Bucket", "Table", "Queue", "Topic", "PlatformEndpoint", "Subscription"):
            if is_inside:
                return around[0], None
            names = {"Queue": ("url", "QueueName"), "Bucket": ("name",), "Table": ("name",)}
            return self.named(of.site, names.get(of.kind, ("arn",)), 0), None
        if of.kind in ("Object", "ObjectSummary"):
            if parent is not None and parent.kind == "Bucket":
                return around[0], self.named(of.site, ("key",), 0)
            if is_inside:
                return around
            return (
                self.named(of.site, ("bucket_name",), 0),
                self.named(of.site, ("key", "object_key"), 1),
            )
        if is_inside:
            return around[0], (around[1] or Anything()) if keyed else None
        if keyed or of.kind.startswith("Bucket"):
            target = self.named(of.site, ("bucket_name",), 0)
            return target, self.named(of.site, ("object_key",), 1) if keyed else None
        return Anything(), None

    def _of_resource(self, request: Request, of: Resource) -> Iterator[Part]:
        operation = ACTIONS.get((of.kind, request.name))
        services = self.services(Client(root(of)))
        service = services[0] if len(services) == 1 else ""
        if operation is None or not service or KINDS.get(of.kind) not in ("", service):
            self._doubt(request, NOT_FOLLOWED)
            return
        given = self.given(self.flow.called.get(request.node) or self.submitted(request.node))
        if of.kind == "":
            yield from self._called(service, operation, given)
            return
        target, key = self.identified(of)
        if of.kind == "Bucket" and operation in OF_OBJECTS:
            places = OF_RESOURCES.get(request.name, ())
            key = self.one(given, ("Key",), places.index("Key") if places else None)
        yield service, operation, target, key, ()
        if request.name in OF_RESOURCES:
            yield service, WHOLE[0], target, key, ()

    def _layers(self, reached: frozenset[str]) -> Iterator[CodeCall]:
        for call, scope in self.flow.layers.items():
            callee = [v.path for v in self.flow.values[call.func] if isinstance(v, Named)]
            if not any(path.endswith("DynamoDBPersistenceLayer") for path in callee):
                continue
            table = self.named(call, ("table_name",), 0)
            for operation in ("DeleteItem", "PutItem", "UpdateItem"):
                is_reached = scope.source.name in reached
                where = scope.source.path, call.lineno
                yield CodeCall(*where, "dynamodb", operation, table, is_reached=is_reached)

    def _doubt(self, request: Request, reason: str) -> None:
        self.flow.doubt(request.node, request.scope, reason)


def operation_of(method: str) -> str:
    """The API's operation of a client's method: ``put_object`` is ``PutObject``."""
    plain = method.replace("_", "")
    return SPELLED.get(plain, "".join(part[:1].upper() + part[1:] for part in method.split("_")))
