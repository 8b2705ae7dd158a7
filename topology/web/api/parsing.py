"""Bodies: JSON of a bounded size and depth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LARGEST = 1_000_000  # bytes
DEEPEST = 100


class TooLarge(APIException):
    """413."""

    status_code = 413
    default_detail = f"A body has {LARGEST:,} bytes at most."
    default_code = "too_large"


class BoundedJson(BaseParser):
    """``application/json`` in UTF-8, as RFC 8259 has it: no NaN."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value; ``ParseError`` where it is none, ``TooLarge`` where it is too long."""
        body = stream.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise TooLarge
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=_refused)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is no JSON: {error}") from error
        if _is_deep(value):
            raise ParseError(f"The body is nested more than {DEEPEST} times.")
        return value


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return any(isinstance(each, dict | list) for each in level)
