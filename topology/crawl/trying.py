"""A connection tried before it is relied on: who answers, to whom else, and what is refused.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from topology.catalog.service import Call, Here, Service
from topology.crawl.ask import Answer, ask
from topology.crawl.errors import CrawlError, code_of
from topology.crawl.ledger import plan
from topology.crawl.session import (
    CONNECTIONS,
    HOME,
    Connection,
    Identity,
    Session,
    identify,
    opened,
)
from topology.graph import GLOBAL

# What services answer to a caller whom IAM does not allow, before they look anything up.
REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "NotAuthorizedException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
ABSENT = ("NotFound", "NoSuch", "NonExist", "DoesNotExist")  # within codes: it was looked up
DEEPEST = 8  # ancestors of the deepest declared call, at the most


@dataclass(frozen=True, order=True, slots=True)
class Refused:
    """A call that was refused, and the IAM action that allows it."""

    action: str
    call: str


@dataclass(frozen=True, slots=True)
class Trial:
    """How many calls were tried, which were refused, and of which the answer tells neither."""

    tried: int
    refused: tuple[Refused, ...]
    undecided: tuple[Refused, ...]


class _Nothing(str):
    """The name of nothing that exists, and of every member of it."""

    __slots__ = ()

    def __getitem__(self, key: object) -> _Nothing:
        return self


def must_ask_for_its_external_id(connection: Connection) -> None:
    """Raise ``CrawlError`` (``open-role``) where the role answers without its id or to another.

    Whoever knows the ARN of such a role could have it read by a Loopscope of their own.
    """
    for other, how in (("", "without an external id"), (secrets.token_hex(16), "to a wrong one")):
        try:
            identify(replace(connection, external_id=other))
        except CrawlError as error:
            if error.code == "role-refused":
                continue
            raise
        raise CrawlError(
            "open-role",
            f"{connection.role_arn} also answers {how}, so anybody who knows its ARN could have it "
            "read. Its trust policy must ask for sts:ExternalId.",
        )


def tried(connection: Connection, identity: Identity) -> Trial:
    """Make every declared read once, in the connection's own Region, for things that do not exist.

    IAM refuses before a service looks, so what is refused is not allowed; what is "not found" is.
    Some services check names first: what they answer tells neither, and a crawl will.
    """
    session = opened(connection)
    name = _Nothing(f"loopscope-{secrets.token_hex(6)}")
    asked = list(_asked(identity, session.home))
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = list(pool.map(lambda each: _answer(session, name, *each), asked))
    refused, undecided = set(), set()
    for (service, call, _), answer in zip(asked, answers, strict=True):
        row = Refused(service.action_of(call), service.name_of(call))
        match _is_allowed(call, answer):
            case False:
                refused.add(row)
            case None:
                undecided.add(row)
    return Trial(len(asked), tuple(sorted(refused)), tuple(sorted(undecided - refused)))


def _asked(identity: Identity, home: str) -> Iterator[tuple[Service, Call, Here]]:
    for scope in (GLOBAL, home):
        here = Here(identity.partition, identity.account, scope)
        yield from ((service, call, here) for service, call in plan(scope))


def _answer(session: Session, name: _Nothing, service: Service, call: Call, here: Here) -> Answer:
    region = HOME[here.partition] if here.region == GLOBAL else here.region
    above = (name,) * DEEPEST if call.for_each else ()
    return ask(session, region, service, call, here, *above, deadline=time.monotonic())


def _is_allowed(call: Call, answer: Answer) -> bool | None:
    """Whether IAM allows a call; None where the answer does not tell."""
    if answer.pages or answer.error is None:
        return True
    code = code_of(answer.error)
    if code in REFUSALS:
        return False
    return True if code in call.gone or any(word in code for word in ABSENT) else None
