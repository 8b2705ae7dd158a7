"""What a request to AWS asks for: service, region, operation and parameters, for any protocol.

Imports moto, which only the emulator's own process and the tests have to have.

Source: https://smithy.io/2.0/aws/protocols/index.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.parsers import create_parser
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from topology import catalog
from topology.catalog.service import Call

BESIDE = ("xray",)  # asked for evidence, which no file of the catalog declares
CBOR = "smithy-rpc-v2-cbor"  # the one protocol moto does not speak
SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
IN_PATH = re.compile(r"/service/[^/]+/operation/(\w+)$")
LABEL = re.compile(r"{[^}]*}")


class NotAskedError(Exception):
    """A request that is none of AWS's, or of no service the catalog asks."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One request. ``model`` is botocore's operation; ``key`` the access key that signed."""

    service: str
    region: str
    key: str
    model: Any
    protocol: str
    parameters: dict[str, Any]

    @property
    def name(self) -> str:
        """The operation with its service: ``lambda.ListFunctions``."""
        return f"{self.service}.{self.model.name}"

    @property
    def call(self) -> Call | None:
        """The catalog's declaration of the operation, the first one where there are several."""
        return _calls().get((self.service, snake(self.model.name)))

    def mentions(self, text: str) -> bool:
        """Whether some parameter holds the text: a bucket's name, a function's, part of an ARN."""
        return any(text in value for value in _strings(self.parameters))


def asked(environ: dict[str, Any]) -> Asked:
    """Read a request as AWS would: whom it is for from its signature, then its protocol.

    Raises ``NotAskedError``.
    """
    request = Request(environ)
    request.get_data(cache=True)
    presigned = f"Credential={request.args.get('X-Amz-Credential', '')}"
    scope = SCOPE.search(request.headers.get("Authorization", presigned))
    if not scope:
        raise NotAskedError(f"an unsigned request: {request.method} {request.path}")
    key, region, signing_name = scope.groups()
    found = [
        (service, *match)
        for service in _services(signing_name)
        if (match := _match(service, request)) is not None
    ]
    if not found:
        raise NotAskedError(f"no operation of {signing_name}: {request.method} {request.full_path}")
    # S3's paths fit anything, also what is S3 Control's.
    service, operation, in_path = max(found, key=lambda one: _fixed(one[1]))
    protocol, parameters = _parameters(operation, in_path, request)
    return Asked(service, region, key, operation, protocol, parameters)


def snake(operation: str) -> str:
    """``ListFunctions`` as boto3 calls it: ``list_functions``."""
    return str(xform_name(operation))


def _match(service: str, request: Any) -> tuple[Any, dict[str, Any]] | None:
    """The operation of a service, and what its path names."""
    try:
        if request.headers.get("smithy-protocol"):
            named, model = IN_PATH.search(request.path), get_service_model(service)
            is_it = model.protocol == CBOR and named and named[1] in model.operation_names
            return (model.operation_model(named[1]), {}) if named and is_it else None
        operation, in_path = get_service_router(service).match(request)
    except (NotFound, NotImplementedError):  # a protocol the service does not speak
        return None
    return operation, in_path


def _parameters(operation: Any, in_path: Any, request: Any) -> tuple[str, dict[str, Any]]:
    protocol = determine_request_protocol(operation.service_model, request.content_type)
    if protocol == CBOR:
        sent = {"status_code": 200, "headers": {}, "body": request.data}
        parsed = create_parser(CBOR).parse(sent, operation.input_shape)
        return protocol, {name: parsed[name] for name in parsed if name != "ResponseMetadata"}
    return protocol, PROTOCOL_PARSERS[protocol](operation).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": in_path,
        }
    )


def _fixed(operation: Any) -> int:
    """How much of an operation's path is no label."""
    return len(LABEL.sub("", operation.http["requestUri"]))


@cache
def _services(signing_name: str) -> tuple[str, ...]:
    return tuple(
        service.client
        for service in catalog.services()
        if service.calls and get_service_model(service.client).signing_name == signing_name
    ) or tuple(service for service in BESIDE if service == signing_name)


@cache
def _calls() -> dict[tuple[str, str], Call]:
    calls: dict[tuple[str, str], Call] = {}
    for service in catalog.services():
        for call in service.calls:
            calls.setdefault((service.client, call.operation), call)
    return calls


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
