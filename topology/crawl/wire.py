"""An answer is whole, or it is no answer: what botocore itself lets pass, or does not tell apart.

botocore neither compares a body with the length it was announced with nor minds a body that is
no JSON: both read as an answer without its list, which looks exactly like an empty account.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import EndpointConnectionError

from topology.crawl.errors import AnswerError

JSON = ("json", "rest-json")
CBOR, MAP = "smithy-rpc-v2-cbor", 5  # and how its items begin that are maps (RFC 8949 §3.1)
NO_ADDRESS = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
WEB_PAGE = (b"<html", b"<!doctype html")


def must_be_whole(response_dict: Mapping[str, Any], operation_model: Any, **_event: object) -> None:
    """Handle botocore's ``before-parse``; raise ``AnswerError`` for a 200 that is not whole."""
    if response_dict["status_code"] >= 300:
        return
    body, headers = response_dict["body"], response_dict["headers"]
    announced = headers.get("content-length")
    if not body:
        raise AnswerError("the answer is empty")
    if body.lstrip()[:14].lower().startswith(WEB_PAGE):
        raise AnswerError("the answer is a web page: something stands in for AWS")
    if announced and "content-encoding" not in headers and int(announced) != len(body):
        raise AnswerError(f"the answer was cut short: {len(body)} of {announced} bytes came")
    protocol = operation_model.service_model.resolved_protocol
    if protocol in JSON:
        try:
            json.loads(body)
        except ValueError:
            raise AnswerError("the answer is not JSON: something stands in for AWS") from None
    if protocol == CBOR and body[0] >> 5 != MAP:
        raise AnswerError("the answer is not CBOR: something stands in for AWS")


def has_no_address(error: object) -> bool:
    """Whether a connection failed because the name of the host does not exist."""
    if not isinstance(error, EndpointConnectionError):
        return False
    reason = error.kwargs.get("error")
    for each in (reason, getattr(reason, "__cause__", None)):
        if isinstance(each, socket.gaierror):
            return each.errno in NO_ADDRESS
    return False
