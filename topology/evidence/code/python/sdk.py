"""What boto3, botocore and their asynchronous siblings give, and the operations that are called.

An operation counts where it is named on a client or resource, whether or not it is called there.

Sources: https://boto3.amazonaws.com/v1/documentation/api/latest/reference/core/session.html
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from topology.evidence.code.python import known
from topology.evidence.code.python.actions import ACTIONS, COLLECTIONS, GIVEN, KINDS, QUIET
from topology.evidence.code.python.known import words
from topology.evidence.code.python.members import Members
from topology.evidence.code.python.objects import (
    Batch,
    Box,
    Client,
    Collection,
    Maker,
    Meta,
    Resource,
    Sdk,
    Session,
    Value,
)
from topology.evidence.code.python.scopes import Scope
from topology.evidence.code.python.solver import Place

INSIDE = "This reaches into the SDK."
SIGNS = "This signs or sends requests to AWS by itself."
HARMLESS = re.compile(
    r"(aio)?boto(3|core)|boto3\.(session|dynamodb|s3|exceptions|resources)"
    r"|(boto3\.dynamodb\.(conditions|types)|boto3\.s3\.transfer\.TransferConfig|boto3\.exceptions"
    r"|botocore\.(config|exceptions|response|UNSIGNED)|boto(3|core)\.__version__"
    r"|boto3\.set_stream_logger|botocore\.client\.(Config|ClientError)|s3transfer\.exceptions"
    r"|aio(boto3|botocore)\.config)(\..*)?"
    r"|boto3\.(s3\.transfer|setup_default_session)|(aio)?botocore\.(session|client)|aioboto3\.session"
)
MAKERS = {
    "boto3.client": Client,
    "boto3.resource": Resource,
    **dict.fromkeys(
        words(
            """
            boto3.Session boto3.session.Session aioboto3.Session aioboto3.session.Session
            aiobotocore.session.get_session aiobotocore.session.AioSession aiobotocore.get_session
            botocore.session.get_session botocore.session.Session
            """
        ),
        Session,
    ),
}
OF_SESSION = {"client": Client, "create_client": Client, "resource": Resource}
QUIET_SESSION = words(
    """
        region_name profile_name available_profiles get_available_regions get_available_services
        get_available_resources get_available_partitions get_partition_for_region close
        set_config_variable get_config_variable user_agent
        """
)
QUIET_CLIENT = frozenset(["can_paginate", "close", "exceptions", "get_waiter"])
QUIET_META = words(
    """
        region_name endpoint_url config service_model partition method_to_api_mapping data
        identifiers service_name resource_model
        """
)
OF_COLLECTION = frozenset(["all", "filter", "limit", "page_size", "pages", "iterator"])
DEEPEST = 4  # resources of resources


@dataclass(frozen=True, slots=True)
class Request:
    """An operation that is named: where, of what, and the call around it if there is one."""

    node: ast.AST
    scope: Scope
    of: Client | Resource | Collection | Batch
    name: str


class SdkMembers(Members):
    """What comes from the SDK, and what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: dict[Request, None] = {}
        self.asked: set[ast.AST] = set()  # where requests are named
        self.called: dict[ast.AST, ast.Call] = {}  # the call of an attribute
        self.layers: dict[ast.Call, Scope] = {}  # what keeps Powertools' idempotency in a table

    def is_harmless(self, path: str) -> bool:
        """Whether something in the SDK can do nothing by itself."""
        return bool(HARMLESS.fullmatch(path)) and path not in MAKERS

    def sdk_named(self, node: ast.AST, path: str, target: Place, scope: Scope) -> None:
        """Something in the SDK is named."""
        if path == "boto3.DEFAULT_SESSION":
            self.add(target, Session())
        elif path in MAKERS or HARMLESS.fullmatch(path):
            self.add(target, Sdk(path))
        else:
            self.doubt(node, scope, SIGNS if re.search(r"auth|signers|http", path) else INSIDE)

    def starred(self, value: Value, name: str, node: ast.expr, scope: Scope) -> None:
        """A name may be one that an import of everything brings."""
        if not isinstance(value, Sdk):
            self.member(value, name, node, node, scope)
        elif (path := f"{value.path}.{name}") in MAKERS or path == "boto3.DEFAULT_SESSION":
            self.sdk_named(node, path, node, scope)

    def sdk_element(self, kind: str, parent: Resource | None, result: Place) -> None:
        """One of many resources."""
        self.add(result, Resource(kind, None, _shallow(parent)))

    def sdk_member(
        self, value: Value, name: str, result: Place, node: ast.AST, scope: Scope
    ) -> None:
        """What an attribute of something of the SDK gives, or asks."""
        is_inner = name.startswith("_") and name not in ("__enter__", "__aenter__", "__call__")
        if is_inner and not isinstance(value, Sdk):
            self.doubt(node, scope, INSIDE)
            return
        match value:
            case Sdk(path=path):
                if name == "__call__":
                    self.add(result, value)
                elif HARMLESS.fullmatch(path):
                    self.sdk_named(node, f"{path}.{name}", result, scope)
                elif name not in ("__name__", "__doc__", "__qualname__"):
                    self.doubt(node, scope, INSIDE)
            case Session():
                if name in OF_SESSION:
                    self.add(result, Maker(value, name))
                elif name not in QUIET_SESSION:
                    self.doubt(node, scope, SIGNS if "credentials" in name else INSIDE)
            case Client():
                self._of_client(value, name, result, node, scope)
            case Resource():
                self._of_resource(value, name, result, node, scope)
            case Collection():
                if name in OF_COLLECTION:
                    self.add(result, Maker(value, name))
                else:
                    self._request(node, scope, value, name)
            case Batch():
                if name in ("put_item", "delete_item"):
                    self._request(node, scope, value, name)
            case Meta(of=of):
                if name == "client":
                    self.add(result, of if isinstance(of, Client) else Client(root(of)))
                elif name not in QUIET_META:
                    self.doubt(node, scope, known.CHANGES)
            case Maker() if name == "__call__":
                self.add(result, value)

    def _of_client(
        self, value: Client, name: str, result: Place, node: ast.AST, scope: Scope
    ) -> None:
        if name == "meta":
            self.add(result, Meta(value))
        elif name in ("__enter__", "__aenter__"):
            self.add(result, value)
        elif name not in QUIET_CLIENT and not name.startswith("__"):
            self._request(node, scope, value, name)

    def _of_resource(
        self, value: Resource, name: str, result: Place, node: ast.AST, scope: Scope
    ) -> None:
        if name == "meta":
            self.add(result, Meta(value))
        elif name[:1].isupper() or name == "batch_writer" or (value.kind, name) in GIVEN:
            self.add(result, Maker(value, name))
            if (value.kind, name) in ACTIONS:
                self._request(node, scope, value, name)
        elif name in COLLECTIONS:
            self.add(result, Collection(COLLECTIONS[name], _shallow(value)))
        elif (value.kind, name) in ACTIONS:
            self._request(node, scope, value, name)
        elif value.kind in KINDS and value.kind:
            pass  # a part of what was read of it
        elif not name.startswith(("wait_until_", "__")) and name not in QUIET:
            self._request(node, scope, value, name)

    def _request(
        self,
        node: ast.AST,
        scope: Scope,
        of: Client | Resource | Collection | Batch,
        name: str,
    ) -> None:
        self.requests[Request(node, scope, of, name)] = None
        self.asked.add(node)

    def sdk_call(
        self, value: Value, given: Any, named: Any, result: Place, site: object, scope: Scope
    ) -> None:
        """Something of the SDK is called."""
        call = site if isinstance(site, ast.Call) else None
        match value:
            case Sdk(path=path):
                self._make(MAKERS.get(path), call, result)
            case Maker(of=Session(), name=name):
                self._make(OF_SESSION[name], call, result)
            case Maker(of=Collection() as many, name="pages"):
                self._listed(call, many, result)
            case Maker(of=Collection() as many):
                self.add(result, many)
            case Maker(of=Resource() as of, name="batch_writer"):
                self.add(result, Batch(of))
            case Maker(of=Resource() as of, name=name):
                kind = GIVEN.get((of.kind, name), name)
                if kind.endswith("*"):
                    self._listed(call, Resource(kind[:-1], None, _shallow(of)), result)
                else:
                    is_told = name[:1].isupper() or name == "get_queue_by_name"
                    self.add(result, Resource(kind, call if is_told else None, _shallow(of)))

    def _listed(self, call: ast.Call | None, element: Value, result: Place) -> None:
        """A list of something, or what is in it where nobody knows the list."""
        if call is None:
            self.add(result, element)
        else:
            self.add(("listed", call), element)
            self.hold(Box(call), None, ("listed", call))
            self.add(result, Box(call))

    def _make(self, made: type | None, call: ast.Call | None, result: Place) -> None:
        if made is Client:
            self.add(result, Client(call))
        elif made is Resource:
            self.add(result, Resource("", call))
        elif made is Session:
            self.add(result, Session())


def root(of: Resource) -> ast.Call | None:
    """The call that made the service's resource of which another is; None: not told."""
    while of.parent is not None:
        of = of.parent
    return of.site if not of.kind else None


def _shallow(of: Resource | None) -> Resource | None:
    depth, now = 0, of
    while now is not None:
        depth, now = depth + 1, now.parent
    return of if depth < DEEPEST else None
