"""AWS's own models of its services, cut to what is asked of them.

botocore makes a method of every operation for each client, and a crawl has a client per service and
Region: of EC2's eight hundred operations it asks a handful.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.exceptions import DataNotFoundError
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.loaders import JSONFileLoader, Loader

from topology import catalog
from topology.catalog import lambda_code

Model = dict[str, Any]

ADDED = "service-2.sdk-extras"  # parameters of botocore's own, for copies of databases and the like

# What others than the catalog ask of a service, botocore itself among them.
ALSO: Mapping[str, tuple[str, ...]] = {
    "cloudtrail": ("lookup_events",),
    "cloudwatch": ("get_metric_data",),
    "events": ("put_events",),
    "lambda": (lambda_code.package.operation, lambda_code.layer.operation),
    "s3": ("head_bucket", "create_session"),
    "securityhub": ("batch_import_findings",),
    "sns": ("publish",),
    "sqs": ("get_queue_url", "receive_message", "delete_message"),
    "sts": ("assume_role",),
    "xray": ("get_service_graph",),
}


class AskedModels(JSONFileLoader):  # type: ignore[misc]
    """Reads files of models as botocore does, and keeps of a service's what is asked of it.

    The words are left out too: half of a model is documentation, which nobody reads here.
    """

    def load_file(self, file_path: str) -> Model | None:
        """As ``JSONFileLoader`` does; of a service that is asked for nothing, all of it."""
        *_, service, _, kind = Path(file_path).parts
        if kind == ADDED and service in asked():
            return None
        model: Model | None = super().load_file(file_path)
        if model is not None and kind == "service-2":
            if service in asked():
                model = _cut(model, asked()[service])
            _without_words(model)
        return model


@cache
def loader() -> Loader:
    """One reader of AWS's models for all sessions: they are most of what a session costs.

    boto3's own Session would add a search path to it each time, so botocore's is used.
    """
    return Loader(file_loader=AskedModels())


def load_all() -> None:
    """Load what every crawl needs."""
    for service in catalog.services():
        if service.calls:
            for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
                with suppress(DataNotFoundError):
                    loader().load_service_model(service.client, kind)


@cache
def asked() -> Mapping[str, frozenset[str]]:
    """The operations asked of each service, by botocore's names of both."""
    found: dict[str, set[str]] = {client: set(names) for client, names in ALSO.items()}
    for service in catalog.services():
        if service.calls:
            names = found.setdefault(service.client, set())
            names.update(call.operation for call in service.calls)
    return {client: frozenset(names) for client, names in found.items()}


def register_handlers(events: Any) -> None:
    """Register botocore's own handlers, but those of operations that are never asked.

    Every client copies all of them.
    """
    places = {REGISTER_FIRST: events.register_first, REGISTER_LAST: events.register_last}
    operations = frozenset[str]().union(*asked().values())
    for event, handler, *place in BUILTIN_HANDLERS:
        kind, _, of = event.partition(".")
        operation = of.partition(".")[2]
        if kind != "docs" and (operation in ("", "*") or xform_name(operation) in operations):
            register = places[place[0]] if place else events.register
            register(event, handler)


def _cut(model: Model, names: frozenset[str]) -> Model:
    """A service's model with some of its operations, and the shapes these are made of."""
    operations = {
        name: operation
        for name, operation in model["operations"].items()
        if xform_name(name) in names or "endpointoperation" in operation
    }
    shapes: Model = {}
    wanted = [name for each in operations.values() for name in _shapes_of(each)]
    while wanted:
        name = wanted.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            wanted += _shapes_of(shapes[name])
    return {**model, "operations": operations, "shapes": shapes}


def _shapes_of(model: Model) -> Iterator[str]:
    """The shapes that an operation or a shape names: its answer, its errors, its members."""
    for part in ("input", "output", "member", "key", "value"):
        if part in model:
            yield model[part]["shape"]
    for each in (*model.get("errors", ()), *model.get("members", {}).values()):
        yield each["shape"]


def _without_words(model: Any) -> None:
    """Empty what a model says of itself; a member that is called so is no text."""
    for each in model.values() if isinstance(model, dict) else model:
        if isinstance(each, dict | list):
            _without_words(each)
    if isinstance(model, dict) and isinstance(model.get("documentation"), str):
        model["documentation"] = ""  # botocore asks some for it
