"""Answers and parameters nobody recorded, made up from botocore's shapes: valid, and senseless."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel, Shape
from moto.core.utils import get_service_model

from tests.rig import answers
from topology.catalog.service import Call, Here, Service
from topology.demo.answers import Reply, result
from topology.demo.asked import Asked

ACCOUNT = "111122223333"
HERE = Here("aws", ACCOUNT, "eu-west-1")
DEEP = 6  # levels, below which only what is required is made up
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLAIN: dict[str, Any] = {"boolean": False, "blob": b"blob", "timestamp": WHEN, "map": {}}


def answer(operation: OperationModel, lists: Iterable[str], many: int) -> dict[str, Any]:
    """A whole answer: every member is there, and its ``lists`` have ``many`` different items."""
    whole: dict[str, Any] = value(operation.output_shape)
    for path in lists:
        place, shape = whole, operation.output_shape
        *above, last = path.split(".")
        for key in above:
            place, shape = place[key], shape.members[key]
        member = shape.members[last].member
        place[last] = [value(member, last, number) for number in range(many)]
    return whole


def reply(asked: Asked, many: int = 3) -> Reply | None:
    """The made-up answer to a declared call, all on one page."""
    if asked.call is None:
        return None
    listed = (asked.call.items,) if asked.call.items else ()
    if not answers.pages(asked):
        return result(asked, answer(asked.model, listed, many))
    paging = answers.paging(asked)
    whole = answer(asked.model, {*listed, *paging.lists}, many)
    return result(asked, paging.page(whole, 0, many))


def asked_for(service: Service, call: Call) -> tuple[Any, ...]:
    """What a call is made for: an item of the call above it, and what that one was made for."""
    if call.on_cycle:
        return ({"arn": f"arn:aws:service:{HERE.region}:{ACCOUNT}:name", "name": "name"},)
    above = call.for_each
    if above is None:
        return ()
    found: Any = answer(operation(service, above), [above.items] if above.items else [], many=1)
    for key in above.items.split(".") if above.items else ():
        found = found[key]
    return (found[0] if above.items else found, *asked_for(service, above))


def operation(service: Service, call: Call) -> OperationModel:
    """botocore's model of a declared operation."""
    model = get_service_model(service.client)
    names = {xform_name(name): name for name in model.operation_names}
    return model.operation_model(names[call.operation])


def value(shape: Shape, name: str = "", number: int = 0, depth: int = 0) -> Any:
    """A value of a shape; ``number`` tells the strings of one from those of another."""
    kind = shape.type_name
    if kind == "structure":
        members = list(shape.members.items())[: 1 if shape.is_tagged_union else None]
        return {
            member: value(inner, member, number, depth + 1)
            for member, inner in members
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


def filled(shape: Shape, known: Any, text: str, depth: int = 0) -> Any:
    """A known value and, in every place of it that is empty, a text that ends as its member."""
    kind = shape.type_name
    if kind == "list":
        return [filled(shape.member, each, text, depth + 1) for each in known]
    if kind == "map":
        return {key: filled(shape.value, each, text, depth + 1) for key, each in known.items()}
    if kind != "structure" or (shape.is_tagged_union and known):
        return known
    members = {
        name: filled(member, known[name], text, depth + 1)
        if name in known
        else _text_in(member, f"{text}-{name}", depth + 1)
        for name, member in shape.members.items()
    }
    known_or_said = {name: member for name, member in members.items() if member is not None}
    return dict(list(known_or_said.items())[: 1 if shape.is_tagged_union else None])


def _text_in(shape: Shape, text: str, depth: int) -> Any:
    """The text in the shape of a member, None where it does not fit in."""
    kind = shape.type_name
    if kind == "string":
        return None if shape.enum else text
    if kind == "structure" and depth < DEEP:
        return filled(shape, {}, text.rpartition("-")[0], depth)
    if kind == "list" and shape.member.type_name == "string":
        return None if shape.member.enum else [text]
    if kind == "map" and shape.value.type_name == "string":
        return {f"{text}.key": f"{text}.value"}
    return None
