"""AWS's models as far as we ask: what is left of them asks and answers as the whole does."""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.handlers import BUILTIN_HANDLERS
from botocore.hooks import EVENT_ALIASES
from botocore.loaders import Loader, create_loader
from botocore.model import ServiceModel, Shape

from topology.crawl.models import AskedModels, asked, register_handlers

# Read anew, as botocore's handlers change the models of S3 when they are used.
WHOLE, OURS = create_loader(), Loader(file_loader=AskedModels())
each = pytest.mark.parametrize("client", sorted(asked()))


def model(of, client):
    return ServiceModel(of.load_service_model(client, "service-2"), client)


def told(shape: Shape | None, known: frozenset[str] = frozenset()) -> object:
    """A shape with everything below it, down to where it comes round."""
    if shape is None or shape.name in known:
        return shape and shape.name
    known |= {shape.name}
    parts = {name: getattr(shape, name) for name in ("member", "key", "value") if _has(shape, name)}
    parts |= getattr(shape, "members", {})
    return (
        (shape.name, shape.type_name, shape.serialization, shape.metadata),
        {name: told(part, known) for name, part in parts.items()},
    )


def _has(shape: Shape, name: str) -> bool:
    return hasattr(type(shape), name)


class Recorded:
    """Takes down what would be registered, in botocore's three places."""

    def __init__(self) -> None:
        self.all: list[tuple[str, object]] = []

    def register(self, event, handler):
        self.all.append((event, handler))

    register_first = register_last = register


@each
def test_every_operation_that_is_asked_is_there_as_in_the_whole(client):
    ours, whole = model(OURS, client), model(WHOLE, client)
    names = {xform_name(name): name for name in ours.operation_names}
    assert asked()[client] <= names.keys()
    for name in names.values():
        mine, theirs = ours.operation_model(name), whole.operation_model(name)
        assert told(mine.input_shape) == told(theirs.input_shape)
        assert told(mine.output_shape) == told(theirs.output_shape)
        assert [told(e) for e in mine.error_shapes] == [told(e) for e in theirs.error_shapes]
        assert (mine.http, mine.auth, mine.endpoint) == (theirs.http, theirs.auth, theirs.endpoint)
    assert ours.metadata == whole.metadata


def test_what_is_left_is_small():
    ours, whole = model(OURS, "ec2"), model(WHOLE, "ec2")
    assert len(ours.operation_names) * 50 < len(whole.operation_names)
    assert len(ours.shape_names) * 20 < len(whole.shape_names)


def test_a_service_that_is_asked_for_nothing_is_there_as_a_whole():
    assert "translate" not in asked()
    assert model(OURS, "translate").operation_names == model(WHOLE, "translate").operation_names


@each
def test_no_handler_of_an_operation_that_is_asked_is_missing(client):
    recorded = Recorded()
    register_handlers(recorded)
    kept = {id(handler) for _, handler in recorded.all}
    names = {client, EVENT_ALIASES.get(client, client)}
    for event, handler, *_ in BUILTIN_HANDLERS:
        kind, service, operation = (*event.split("."), "*", "*")[:3]
        is_ours = service == "*" or service in names
        is_asked = operation == "*" or xform_name(operation) in asked()[client]
        if kind != "docs" and is_ours and is_asked:
            assert id(handler) in kept, event
