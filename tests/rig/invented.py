"""Answers and parameters nobody recorded, made up from botocore's shapes: valid, and senseless."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore.model import OperationModel, Shape

from topology.catalog.service import Call, Here

ACCOUNT = "111122223333"
HERE = Here("aws", ACCOUNT, "eu-west-1")
DEEP = 6  # levels, below which only what is required is made up
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLAIN: dict[str, Any] = {"boolean": False, "blob": b"blob", "timestamp": WHEN, "map": {}}


def answer(operation: OperationModel, call: Call, many: int = 3) -> dict[str, Any]:
    """A whole answer: every member is there, and the list has ``many`` different items."""
    whole: dict[str, Any] = value(operation.output_shape)
    place, shape = whole, operation.output_shape
    *above, last = (call.items or "").split(".")
    for key in above:
        place, shape = place[key], shape.members[key]
    if last:
        member = shape.members[last].member
        place[last] = [value(member, last, number) for number in range(many)]
    return whole


def parent(operation: OperationModel, call: Call) -> Any:
    """One item of a call's answer, from which another call may take its parameters."""
    found: Any = answer(operation, call, many=1)
    for key in (call.items or "").split(".") if call.items else ():
        found = found[key]
    return found[0] if call.items else found


def value(shape: Shape, name: str = "", number: int = 0, depth: int = 0) -> Any:
    """A value of a shape; ``number`` tells the strings of one from those of another."""
    kind = shape.type_name
    if kind == "structure":
        return {
            member: value(inner, member, number, depth + 1)
            for member, inner in shape.members.items()
            if depth < DEEP or member in shape.required_members
        }
    if kind == "list":
        return [value(shape.member, name, number, depth + 1)] if depth < DEEP else []
    if kind == "string":
        return _text(shape, name, number)
    if kind in PLAIN:
        return PLAIN[kind]
    return max(1, int(shape.metadata.get("min", 1)))


def _text(shape: Shape, name: str, number: int) -> str:
    if shape.enum:
        return str(shape.enum[0])
    if name.lower().endswith("arn"):
        return f"arn:aws:service:eu-west-1:{ACCOUNT}:thing/{number:012}"
    least, most = shape.metadata.get("min", 1), shape.metadata.get("max", 1000)
    return f"thing{number:012}".ljust(least, "0")[-most:]
