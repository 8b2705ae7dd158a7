"""Commands, templates and HCL that mean what they say whatever people called their resources.

Names come from other people's accounts, so nothing is written down before it is quoted: for a
shell by ``shlex``, as JSON, and in HCL with its templates taken for text.

Source: https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from topology import arn as arns
from topology.graph import canonical_json

BEFORE, AFTER = "loopscope-before.json", "loopscope-after.json"
HCL_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Patch:
    """One change in every tongue; empty where a tongue cannot say it. ``undo`` is for ``cli``."""

    words: str
    cli: str = ""
    undo: str = ""
    cloudformation: str = ""
    terraform: str = ""


def aws(service: str, operation: str, **options: str | None) -> str:
    """One call of the AWS command line; ``True``-like flags have an empty value.

    A value that begins like an option is joined to its name.
    """
    words = ["aws", service, operation]
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if value is None:
            continue
        if not value:
            words.append(option)
        elif value.startswith("-"):
            words.append(f"{option}={value}")
        else:
            words += [option, value]
    return shlex.join(words)


def edited(get: str, program: str, put: str, **arguments: object) -> str:
    """Read a whole configuration, change a part of it, write it back.

    The call that writes replaces everything, so what was there is kept in a file first.
    """
    given = [
        word
        for name, value in arguments.items()
        for word in (("--arg", name, value) if isinstance(value, str) else _json(name, value))
    ]
    return lines(
        f"{get} > {BEFORE}", f"{shlex.join(['jq', *given, program])} {BEFORE} > {AFTER}", put
    )


def _json(name: str, value: object) -> tuple[str, str, str]:
    return ("--argjson", name, canonical_json(value))


def lines(*commands: str) -> str:
    """Commands one below the other; the empty ones are left out."""
    return "\n".join(filter(None, commands))


def region(arn: str) -> str | None:
    """The region of an ARN, for a command's ``--region``."""
    return (arns.parse(arn).region or None) if arns.is_arn(arn) else None


def cloudformation(kind: str, properties: Mapping[str, Any]) -> str:
    """A resource of a template with the properties that change, as JSON, which is YAML too."""
    return json.dumps({"Type": kind, "Properties": properties}, indent=2)


def terraform(
    kind: str, attributes: Mapping[str, Any], blocks: Sequence[str] = (), name: str = "this"
) -> str:
    """A resource with the attributes that change; ``blocks`` are nested blocks, written already."""
    inner = [f"{name} = {hcl(value)}" for name, value in attributes.items()]
    inner += blocks
    body = "\n".join(f"  {line}" for each in inner for line in each.split("\n"))
    return f'resource "{kind}" "{name}" {{\n{body}\n}}'


def block(name: str, attributes: Mapping[str, Any], blocks: Sequence[str] = ()) -> str:
    """A nested block."""
    inner = [f"{key} = {hcl(value)}" for key, value in attributes.items()]
    body = "\n".join(f"  {line}" for each in (*inner, *blocks) for line in each.split("\n"))
    return f"{name} {{\n{body}\n}}"


@dataclass(frozen=True, slots=True)
class Expression:
    """HCL that is no value: a reference or a call, written by us alone."""

    text: str


def encoded(value: object) -> Expression:
    """``jsonencode(…)`` of a value."""
    return Expression(f"jsonencode({hcl(value)})")


def hcl(value: object) -> str:
    """A value as an HCL expression; ``${`` and ``%{`` in a text stay a text."""
    match value:
        case Expression():
            return value.text
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_text(value)}"'
        case Mapping():
            rows = [f"  {hcl(str(key))} = {_within(each)}" for key, each in value.items()]
            return "{\n" + "\n".join(rows) + "\n}" if rows else "{}"
        case Sequence():
            return "[" + ", ".join(hcl(each) for each in value) + "]"
        case None:
            return "null"
    return str(value)


def _within(value: object) -> str:
    return hcl(value).replace("\n", "\n  ")


def _text(text: str) -> str:
    escaped = "".join(
        HCL_ESCAPES.get(char) or (char if char.isprintable() else _code(char)) for char in text
    )
    return escaped.replace("${", "$${").replace("%{", "%%{")


def _code(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
