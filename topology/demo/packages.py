"""Packages of functions and layers, as Lambda hands them out: moto's addresses lead nowhere.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlencode

from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.test import run_wsgi_app

from topology import arn as arns
from topology.demo.answers import Reply, result
from topology.demo.asked import Asked

FOLDER = "/snapshots/"
SIGNATURE = "5e1dc0ffee" * 6  # of a presigned address: whoever has it may read the code


def downloaded(environ: dict[str, Any]) -> Reply | None:
    """The package that a presigned address stands for; None for any other request."""
    key = unquote(environ["PATH_INFO"].removeprefix(FOLDER))
    if environ["REQUEST_METHOD"] != "GET" or key == environ["PATH_INFO"]:
        return None
    content = next(_contents(key), None) if SIGNATURE in environ["QUERY_STRING"] else None
    if content is None:
        return Reply(403, {"Content-Type": "application/xml"}, b"<Error>AccessDenied</Error>")
    return Reply(200, {"Content-Type": "application/zip"}, content)


def function(
    request: Asked, moto: DomainDispatcherApplication, environ: dict[str, Any]
) -> Reply | None:
    """moto's answer to GetFunction with an address that leads somewhere; None for its errors."""
    environ["wsgi.input"].seek(0)
    body, status, headers = run_wsgi_app(moto, environ)
    if not status.startswith("200"):
        return None
    answer = json.loads(b"".join(body))
    if "Location" in answer.get("Code", {}):
        key = answer["Code"]["Location"].rpartition("/")[2]
        answer["Code"]["Location"] = _address(request.region, key)
    return Reply(200, {"Content-Type": headers["Content-Type"]}, json.dumps(answer).encode())


def layer(request: Asked) -> Reply | None:
    """The answer to GetLayerVersionByArn, which moto lacks; None where there is no such layer."""
    arn = request.parameters["Arn"]
    found = _backend_of(arn).layers_versions_by_arn(arn)
    if found is None:
        return None
    version = found.get_layer_version()
    version["Content"]["Location"] = _address(request.region, arn)
    return result(request, version)


def _address(region: str, key: str) -> str:
    signed = {
        "versionId": "1",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"ASIAEXAMPLE/20260101/{region}/s3/aws4_request",
        "X-Amz-Expires": "600",
        "X-Amz-Signature": SIGNATURE,
    }
    host = f"awslambda-{region}-tasks.s3.{region}.amazonaws.com"
    return f"https://{host}{FOLDER}{quote(key, safe='')}?{urlencode(signed)}"


def _contents(key: str) -> Iterator[bytes]:
    if arns.is_arn(key):
        layer = _backend_of(key).layers_versions_by_arn(key)
        yield from [layer.code_bytes] if layer else []
        return
    for account in list(lambda_backends.values()):
        for backend in list(account.values()):
            yield from (
                each.code_bytes for each in backend._lambdas.all() if each.code.get("S3Key") == key
            )


def _backend_of(arn: str) -> LambdaBackend:
    parsed = arns.parse(arn)
    return lambda_backends[parsed.account][parsed.region]
