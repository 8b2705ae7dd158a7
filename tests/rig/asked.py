"""What a request to AWS asks for: service, region, operation and parameters, for any protocol.

Source: https://smithy.io/2.0/aws/protocols/index.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from topology import catalog

SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


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
        """How tests name an operation: ``lambda.ListFunctions``."""
        return f"{self.service}.{self.model.name}"

    def mentions(self, text: str) -> bool:
        """Whether some parameter holds the text: a bucket's name, a function's, part of an ARN."""
        return any(text in value for value in _strings(self.parameters))


def asked(environ: dict[str, Any]) -> Asked:
    """Read a request as AWS would: whom it is for from its signature, then its protocol."""
    request = Request(environ)
    request.get_data(cache=True)
    scope = SCOPE.search(request.headers.get("Authorization", ""))
    assert scope, f"an unsigned request: {request.method} {request.path}"
    key, region, signing_name = scope.groups()
    for service in _services(signing_name):
        try:
            operation, in_path = get_service_router(service).match(request)
        except NotFound:
            continue
        protocol = determine_request_protocol(operation.service_model, request.content_type)
        parameters = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": in_path,
            }
        )
        return Asked(service, region, key, operation, protocol, parameters)
    raise AssertionError(f"no operation of {signing_name}: {request.method} {request.full_path}")


@cache
def _services(signing_name: str) -> tuple[str, ...]:
    return tuple(
        service.client
        for service in catalog.services()
        if service.calls and get_service_model(service.client).signing_name == signing_name
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
