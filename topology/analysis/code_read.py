"""Whose code was read, how, and what was found; and whose was not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.catalog.lambda_code import LANGUAGES, PARSED
from topology.graph import Resource

DOUBTS = 5  # that are told of one function


@dataclass(frozen=True, order=True, slots=True)
class CodeRead:
    """What is known of one function's code.

    ``not_read`` says why there is nothing more; ``how`` in words what was done otherwise.
    ``doubts`` are reasons for which there may be more calls than were found, with file and line;
    ``sdk`` is the AWS SDK in the package, ``services`` what its texts name where nobody parses it.
    """

    subject: str
    subject_name: str
    not_read: str = ""
    how: str = ""
    language: str = ""
    files: int = 0
    calls: int = 0
    is_complete: bool = False
    doubts: tuple[str, ...] = ()
    more_doubts: int = 0
    sdk: str = ""
    services: tuple[str, ...] = ()


def code_read(resources: Iterable[Resource]) -> tuple[CodeRead, ...]:
    """One row for every function whose code was asked for, by ARN."""
    return tuple(sorted(_rows(resources)))


def _rows(resources: Iterable[Resource]) -> Iterator[CodeRead]:
    for resource in resources:
        code, unread = (resource.attributes.get(each) for each in ("code", "code_unread"))
        if isinstance(code, Mapping):
            yield _read(resource, code)
        elif unread:
            yield CodeRead(resource.arn, resource.name, str(unread))


def _read(function: Resource, code: Mapping[str, Any]) -> CodeRead:
    doubts = [_doubt(each) for each in code["doubts"]]
    return CodeRead(
        function.arn,
        function.name,
        how=_how(code),
        language=code["language"],
        files=code["files"],
        calls=len(code["calls"]),
        is_complete=code["complete"],
        doubts=tuple(doubts[:DOUBTS]),
        more_doubts=max(0, len(doubts) - DOUBTS),
        sdk=" ".join(filter(None, code["sdk"])),
        services=tuple(code["hints"]),
    )


def _how(code: Mapping[str, Any]) -> str:
    files = f"{code['files']:,} file{'' if code['files'] == 1 else 's'}"
    language = LANGUAGES.get(code["language"], "a language that is not known here")
    version = f", version {code['version']}" if code.get("version") else ""
    if code["language"] not in PARSED:
        read = f"{files} of {language}{version}"
        return f"Not parsed ({read}): only texts in the package were looked at."
    calls = len(code["calls"])
    found = f"{calls} call{'' if calls == 1 else 's'} of AWS that may change something"
    if code["complete"]:
        return f"Read and understood completely ({files} of {language}{version}): {found}."
    return f"Read ({files} of {language}{version}): {found}, and there may be more."


def _doubt(doubt: Mapping[str, Any]) -> str:
    place = ":".join(str(each) for each in (doubt["file"], doubt["line"]) if each)
    return f"{place}: {doubt['reason']}" if place else str(doubt["reason"])
