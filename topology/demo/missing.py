"""What moto lacks of what the catalog asks: an empty answer, in front of moto's own.

An emulated account holds nothing of a service that moto cannot make anything in, so "nothing" is
the truth. Only declared reads are answered: a seed that needs more than moto can do still fails.

Source: https://docs.getmoto.org/en/latest/docs/services/index.html
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Any

from botocore.model import Shape
from botocore.session import Session
from moto.backends import ALT_SERVICE_NAMES
from moto.core.responses import BaseResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from topology.catalog.service import Call
from topology.demo import packages
from topology.demo.answers import Reply, error, result
from topology.demo.asked import Asked, NotAskedError, asked, snake

SESSION = Session()
BY_ITSELF = {"s3"}  # moto finds its operations by the query string, under names of its own
USUAL = {"lambda.GetFunctionRecursionConfig": {"RecursiveLoop": "Terminate"}}  # until it is set
IMPORTS = Lock()  # moto's modules import each other: two threads at once end in a deadlock error
OPTED = {"not-opted-in": "DISABLED", "opt-in-not-required": "ENABLED_BY_DEFAULT"}


class Complete:
    """A WSGI application: moto's, and an empty answer where moto has none."""

    def __init__(self, moto: DomainDispatcherApplication) -> None:
        self._moto = moto

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        keep_body(environ)
        reply = packages.downloaded(environ) or self._missing(environ)
        environ["wsgi.input"].seek(0)
        if reply is None:
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        headers = {**reply.headers, "Content-Length": str(len(reply.body))}
        start_response(f"{reply.status} Answer", list(headers.items()))
        return [reply.body]

    def _missing(self, environ: dict[str, Any]) -> Reply | None:
        try:
            request = asked(environ)
        except NotAskedError:
            return None
        if request.name == "lambda.GetFunction":
            return packages.function(request, self._moto, environ)
        if request.name == "lambda.GetLayerVersionByArn":
            return packages.layer(request) or _not_found(request)
        call = request.call
        name = request.model.name
        if call is None:
            return None
        with IMPORTS:
            is_there = has(request.service, request.region, name) and self._is_installed(environ)
        if is_there:
            return None
        if request.name == "account.ListRegions":
            return result(request, {"Regions": regions()})
        if call.absent:
            return error(request, min(call.absent), "nothing is configured", 404)
        return result(request, {**empty(request, call), **USUAL.get(request.name, {})})

    def _is_installed(self, environ: dict[str, Any]) -> bool:
        """Whether what moto needs for this request is there; each service has an extra."""
        try:
            self._moto.get_application(environ)
        except ImportError:
            return False
        return True


def _not_found(request: Asked) -> Reply:
    return error(request, "ResourceNotFoundException", "there is no such layer", 404)


def keep_body(environ: dict[str, Any]) -> None:
    """Hold a request's body, so that it can be read more than once."""
    length = -1 if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))


def has(service: str, region: str, operation: str) -> bool:
    """Whether moto implements an operation in its Region, as far as can be seen without asking."""
    methods, name = _methods(service), snake(operation)
    is_there = region in (_regions(service) or {region})
    # Some of its services name their methods without underscores.
    is_known = name in methods or name.replace("_", "") in methods
    return is_there and (service in BY_ITSELF or is_known)


@cache
def _regions(service: str) -> frozenset[str]:
    """Where a service is offered, none for a service that has no Regions; moto minds."""
    return frozenset(SESSION.get_available_regions(service))


@cache
def _methods(service: str) -> frozenset[str]:
    """What moto's handlers of a service can do; nothing where moto or its extra lacks it."""
    plain = service.replace("-", "")
    try:
        module = importlib.import_module(f"moto.{ALT_SERVICE_NAMES.get(plain, plain)}.responses")
    except ImportError:
        return frozenset()
    handlers = (
        handler
        for handler in vars(module).values()
        if isinstance(handler, type) and issubclass(handler, BaseResponse)
    )
    return frozenset(name for handler in handlers for name in dir(handler))


def regions() -> list[dict[str, str]]:
    """The Regions of the emulated account, of which moto knows by EC2."""
    # Imported here because it brings all of EC2 along, and the demo should start at once.
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    known = _regions("ec2")  # moto's are those of every partition
    return [
        {"RegionName": region.name, "RegionOptStatus": OPTED[region.opt_in_status]}
        for region in RegionsAndZonesBackend.regions
        if region.name in known
    ]


def empty(request: Asked, call: Call) -> dict[str, Any]:
    """The shortest valid answer: its lists are empty, and only what is required is there."""
    answer: dict[str, Any] = minimal(request.model.output_shape)
    place = answer
    *above, last = (call.items or "").split(".")
    for key in above:
        place = place.setdefault(key, {})
    if last:
        place[last] = []
    return answer


def minimal(shape: Shape | None) -> Any:
    """The least a shape may hold: required members, and the lists and maps at its top."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {
            name: minimal(member)
            for name, member in shape.members.items()
            if name in shape.required_members or member.type_name in ("list", "map")
        }
    return {"list": [], "map": {}, "string": "", "boolean": False, "blob": b""}.get(
        shape.type_name, 0
    )
