"""What is met where things of the SDK go: requests, and uses that are not followed.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

from dataclasses import dataclass

from topology.evidence.code.javascript import names
from topology.evidence.code.javascript.expressions import member_name, property_name
from topology.evidence.code.javascript.imports import arguments, first_literal
from topology.evidence.code.javascript.syntax import Node
from topology.evidence.code.javascript.things import REMEMBERED, Thing

ESCAPES = "A client of AWS goes where it is not followed."
BY_HAND = "This signs or sends requests to AWS by itself."
AT_RUN_TIME = "This names an operation or a command of AWS at run time."
CHANGED = "This changes what a client of AWS sends."
NAMING = frozenset(
    ["makeRequest", "makeUnauthenticatedRequest", "getSignedUrl", "getSignedUrlPromise"]
)
# Members of clients that call nothing by themselves.
QUIET = frozenset(["send", "config", "destroy", "endpoint", "apiVersions", "createSet", "region"])
CHANGING = frozenset(["middlewareStack", "customizeRequests", "setupRequestListeners", "service"])


@dataclass(frozen=True, slots=True)
class Request:
    """A call of an operation and the expression of its parameters."""

    node: Node
    service: str
    operation: str
    given: Node | None

    @property
    def call(self) -> Node:
        """The whole of a call whose method is ``node``; or what is built."""
        is_method = self.node.kind in ("member_expression", "subscript_expression")
        return self.node.parent or self.node if is_method else self.node


class Met:
    """The requests and doubts of a package."""

    def __init__(self) -> None:
        self.requests: dict[tuple[Node, str, str], Request] = {}
        self.doubts: list[tuple[Node, str]] = []

    def call(self, node: Node, service: str, operation: str, given: Node | None) -> None:
        """An operation is called, or a command built."""
        self.requests[node, service, operation] = Request(node, service, operation, given)

    def doubt(self, node: Node, reason: str) -> None:
        """Something is done because of which there may be more calls."""
        self.doubts.append((node, reason))

    def lost(self, node: Node, thing: Thing) -> None:
        """It goes somewhere unknown: a command may be built there, a client called."""
        match thing.kind:
            case "quiet":
                return
            case "command":
                self.call(node, thing.of, thing.name, None)
            case "upload":
                self._upload(node, None)
            case "refused":
                self.doubt(node, BY_HAND)
            case "function" if thing.name == "createPresignedPost":
                self.call(node, "s3", "PutObject", None)
            case _:
                self.doubt(node, ESCAPES)

    def remembers(self, node: Node) -> None:
        """Powertools' idempotency, which writes to a table of its own accord."""
        for operation in REMEMBERED:
            self.call(node, "dynamodb", operation, None)

    def upload(self, node: Node, first: Node | None) -> None:
        """``new Upload({client, params})`` puts in one request or in parts."""
        params = None
        if first is not None and first.kind == "object":
            for child in first.children:
                key = child.get("key")
                if child.kind == "spread_element":
                    params = None
                elif key is not None and property_name(key) == "params":
                    params = child.get("value")
                elif child.kind == "shorthand_property_identifier" and child.text == "params":
                    params = child
        self._upload(node, params)

    def _upload(self, node: Node, params: Node | None) -> None:
        for operation in ("PutObject", "CompleteMultipartUpload"):
            self.call(node, "s3", operation, params)

    def method(self, node: Node, name: str, client: Thing) -> None:
        """A member of a client that has a method for every operation."""
        if name in QUIET or name.startswith(("paginate", "waitUntil", "waitFor")):
            return
        if name in CHANGING:
            self.doubt(node, CHANGED)
            return
        if name in ("then", "catch", "finally", "constructor", "prototype", "api"):
            self.doubt(node, ESCAPES)
            return
        call = node.parent
        further = member_name(call) if call is not None and node.field == "object" else None
        if further is not None and further not in ("call", "apply", "bind"):
            return  # something that is not a client: it has but methods
        is_called = call is not None and call.kind == "call_expression" and node.field == "function"
        values = arguments(call) if call is not None and is_called else []
        plain = [] if any(one.kind == "spread_element" for one in values) else values
        given, operation = plain[0] if plain else None, name
        if name in NAMING:
            literal = first_literal(call) if call is not None and is_called else None
            if literal is None:
                self.doubt(node, AT_RUN_TIME)
                return
            operation, given = literal, plain[1] if len(plain) > 1 else None
        if client.of == "s3" and (name == "upload" or operation == "upload"):
            self._upload(node, given)
            return
        if client.of == "s3" and name == "createPresignedPost":
            operation = "PutObject"
        self.call(node, client.of, names.operation_of(operation, client.of), given)
