"""One declared call: its parameters, every page of its answer, and how it ended.

Source: https://docs.aws.amazon.com/boto3/latest/guide/paginators.html
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import jmespath

from topology.catalog.service import Call, Here, Item, Of, OfHere, Service
from topology.crawl.errors import AnswerError, NotOfferedError, OutOfTimeError, code_of
from topology.crawl.pace import bucket
from topology.crawl.session import Session

TRIES = 3  # for an answer that does not come whole


@dataclass(frozen=True, slots=True)
class Answer:
    """The items of every page that came, and the error that stopped the rest, if one did."""

    items: tuple[Item, ...]
    pages: int
    error: Exception | None = None

    @property
    def requests(self) -> int:
        """Requests made, retries not counted."""
        has_failed = self.error is not None and not isinstance(self.error, OutOfTimeError)
        return self.pages + has_failed


def parameters(call: Call, here: Here, *items: Item) -> dict[str, object]:
    """The call's parameters for one item of the call it repeats for, and that item's ancestors."""
    return {name: _resolved(value, here, items) for name, value in call.parameters.items()}


def ask(
    session: Session,
    region: str,
    service: Service,
    call: Call,
    here: Here,
    *asked_for: Item,
    deadline: float = math.inf,
) -> Answer:
    """Make a call and read it to its last page. Never raises: what failed is in the answer.

    ``asked_for`` are the item the call is repeated for and its ancestors, nearest first; no
    further page is asked for after ``deadline`` (monotonic). A service that the Region does not
    have has nothing there, and that is a whole answer.
    """
    items: list[Item] = []
    pages = 0
    try:
        turns = bucket(here.account, region, service.client, service.rate) if service.rate else None
        client = session.client(service.client, region, turns)
        for page in _pages(session, client, call, parameters(call, here, *asked_for), deadline):
            items += _items(call, page)
            pages += 1
    except NotOfferedError:
        return Answer((), 1)
    except Exception as error:  # noqa: BLE001 - whatever fails here is a gap, not a lost crawl
        if not pages and code_of(error) in call.absent:
            return Answer(({},) if call.items is None else (), 1)
        return Answer(tuple(items), pages, error)
    return Answer(tuple(items), pages)


def _pages(
    session: Session, client: Any, call: Call, parameters: Mapping[str, object], deadline: float
) -> Iterator[Mapping[str, Any]]:
    """Follow the token by hand, so that calls botocore cannot page are read the same way."""
    sent, received, more = _tokens(session, client, call)
    seen: set[str] = set()
    while True:
        page = _page(client, call, parameters)
        yield page
        token = jmespath.search(received, page) if received else None
        has_more = jmespath.search(more, page) if more else None
        if not (token if has_more is None else has_more):
            return
        if not token or token in seen:
            raise AnswerError("the next page's token is missing or was already used")
        if time.monotonic() > deadline:
            raise OutOfTimeError
        seen.add(token)
        parameters = {**parameters, sent: token}


def _page(client: Any, call: Call, parameters: Mapping[str, object]) -> Mapping[str, Any]:
    """One page; an answer that is not whole is asked for again, as botocore does after a cut."""
    for _ in range(TRIES - 1):
        with suppress(AnswerError):
            return getattr(client, call.operation)(**parameters)  # type: ignore[no-any-return]
    return getattr(client, call.operation)(**parameters)  # type: ignore[no-any-return]


def _tokens(session: Session, client: Any, call: Call) -> tuple[str, str, str]:
    """The keys of the request's token, of the answer's, and of its flag; empty: there is none."""
    if call.token:
        return *call.token, call.more or ""
    operation = client.meta.method_to_api_mapping[call.operation]
    rules = session.paginator(client.meta.service_model.service_name, operation) or {}
    return (
        rules.get("input_token", ""),
        rules.get("output_token", ""),
        rules.get("more_results", ""),
    )


def _items(call: Call, page: Mapping[str, Any]) -> list[Item]:
    if call.items is None:
        return [page]
    found: Any = page
    for key in call.items.split("."):
        if key not in found:
            if call.omits_empty:
                return []
            raise AnswerError(f"the answer has no {call.items}")
        found = found[key]
    return list(found)


def _resolved(value: object, here: Here, items: tuple[Item, ...]) -> object:
    """What a declared parameter stands for."""
    if isinstance(value, OfHere):
        return getattr(here, value.field)
    if isinstance(value, Of):
        item = items[value.above]
        for key in filter(None, value.key.split(".")):
            item = item[key]
        return item
    if isinstance(value, list):
        return [_resolved(each, here, items) for each in value]
    return value
