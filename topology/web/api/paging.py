"""Pages of a list: ``results``, and ``next``, the address of what follows.

Rows go on below the last one that was told; what a reading lists goes on in that same reading, so
that no page mixes two of them.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

BEYOND = 10**9  # more than any reading or row is numbered


class Number(serializers.IntegerField):
    """A whole number from 1."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=1, max_value=BEYOND, **more)


class PageQuery(serializers.Serializer[Any]):
    """What may be asked of every list."""

    limit = serializers.IntegerField(
        min_value=1, max_value=500, default=100, help_text="Results of a page."
    )
    cursor = serializers.CharField(
        required=False, max_length=100, help_text="Where to go on: taken from `next`."
    )

    def validate_cursor(self, text: str) -> tuple[int, int]:
        """The reading and place, or 0 and the row, after which it goes on."""
        try:
            first, _, second = (
                urlsafe_b64decode(text.encode("ascii")).decode("ascii").partition(".")
            )
            if first.isdigit() and second.isdigit() and len(first + second) < 30:
                return int(first), int(second)
        except (binascii.Error, ValueError):
            pass
        raise serializers.ValidationError("That is no cursor: take it from next.")


class ReadingQuery(PageQuery):
    """What may be asked of every list that a reading has."""

    moment = Number(required=False, help_text="The number of a reading; the latest by default.")


def cursor(first: int, second: int) -> str:
    """What an address says of where to go on."""
    return urlsafe_b64encode(f"{first}.{second}".encode()).decode()


class Pages(BasePagination):
    """Rows by key, newest first."""

    def paginate_queryset(  # type: ignore[override] # of rows only
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """One page of them."""
        query = PageQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        found = queryset.order_by("-pk")
        if "cursor" in asked:
            found = found.filter(pk__lt=asked["cursor"][1])
        some = list(found[: asked["limit"] + 1])
        page, more = some[: asked["limit"]], some[asked["limit"] :]
        self.next = address(request, cursor(0, page[-1].pk)) if more else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """The page as it is answered."""
        return Response({"results": data, "next": self.next})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page as the document describes it."""
        return listed(schema["items"])

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """What may be asked of it."""
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "Results of a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "Where to go on: taken from `next`.",
                "schema": {"type": "string", "maxLength": 100},
            },
        ]


def page(
    request: Request, items: Sequence[Any], moment: int, asked: dict[str, Any]
) -> tuple[list[Any], str | None]:
    """A page of what a reading lists, and the address of the next one."""
    begin = asked["cursor"][1] if "cursor" in asked else 0
    end = begin + asked["limit"]
    more = end < len(items)
    return list(items[begin:end]), address(request, cursor(moment, end)) if more else None


def address(request: Request, to: str) -> str:
    """The request's own address with another cursor."""
    return str(replace_query_param(request.build_absolute_uri(), "cursor", to))


def listed(item: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """The schema of a page of items."""
    return {
        "type": "object",
        "required": [*more, "results", "next"],
        "properties": {
            **more,
            "results": {"type": "array", "items": item},
            "next": {"type": ["string", "null"], "format": "uri"},
        },
    }
