"""Answers as AWS writes them: results and errors, each in its operation's own protocol.

Source: https://smithy.io/2.0/aws/protocols/index.html
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from botocore.serialize import RpcV2CBORSerializer
from moto.core.serialize import get_serializer_class

from topology.demo.asked import CBOR, Asked

CBOR_WRITER = RpcV2CBORSerializer()  # botocore's: what it sends is written like what it gets


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; ``sent`` is how many bytes of the body really leave (None: all)."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent: int | None = None


class RefusedError(Exception):
    """An error in the form moto's serializers take."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def error(asked: Asked, code: str, message: str, status: int) -> Reply:
    """An error of any code in the operation's own protocol."""
    if asked.protocol == CBOR:
        return _cbor(status, _map_of_texts({"__type": code, "message": message}))
    return replace(_serialized(asked, RefusedError(code, message)), status=status)


def result(asked: Asked, answer: dict[str, Any]) -> Reply:
    """A result given in botocore's shape."""
    if asked.protocol == CBOR:
        body = bytearray()
        CBOR_WRITER._serialize_data_item(body, answer, asked.model.output_shape)
        return _cbor(200, bytes(body))
    return _serialized(asked, answer)


def _cbor(status: int, body: bytes) -> Reply:
    headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
    return Reply(status, headers, body)


def _map_of_texts(texts: dict[str, str]) -> bytes:
    body = bytearray([0xA0 + len(texts)])  # a map of fewer than 24 entries
    for text in chain.from_iterable(texts.items()):
        CBOR_WRITER._serialize_type_string(body, text, None, None)
    return bytes(body)


def _serialized(asked: Asked, answer: Any) -> Reply:
    serializer = get_serializer_class(asked.service, asked.protocol)(asked.model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about codes like AccessDenied, which no model lists
        raw = serializer.serialize(answer)
    body = raw["body"]
    return Reply(
        raw["status_code"],
        {name: str(value) for name, value in raw["headers"].items()},
        body if isinstance(body, bytes) else body.encode(),
    )
