"""Strict reading of a filter document: JSON with bounds, or an error that says where.

The bounds keep a hostile document from costing more than a look at it: size and depth are checked
on the text, before anything is built.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeAlias

LARGEST = 64 * 1024  # bytes; an EventBridge pattern may have 2 KB, a Lambda or Pipes one 4 KB
DEEPEST = 64  # levels of [ and {
LONGEST_NUMBER = 64  # characters

Json: TypeAlias = str | Decimal | bool | list["Json"] | dict[str, "Json"] | None

# A string that is not closed runs to the end, so that no quote is looked at twice.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class FilterError(ValueError):
    """A filter document AWS would refuse, or that is too large to decide.

    ``path`` is the place inside the document (``detail.state[0].prefix``; empty: the whole),
    ``message`` what is wrong there.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


def read(text: str, at: str = "", most: int = LARGEST, deepest: int = DEEPEST) -> Json:
    """The JSON value of ``text``, numbers as exact ``Decimal``; ``at`` is where the text stands.

    It may have ``most`` bytes and nest ``deepest`` levels.

    Raises ``FilterError`` for what is no JSON, too large, too deep, has a key twice, or holds
    text that no AWS event can hold (NUL, half a surrogate pair).
    """
    check_text(text, at, most)
    _check_depth(text, at, deepest)
    try:
        value = json.loads(
            text,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_no_constant,
            object_pairs_hook=_Pairs,
        )
    except json.JSONDecodeError as error:
        raise FilterError(
            at, f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from None
    except (ValueError, InvalidOperation) as error:
        raise FilterError(at, f"not JSON: {error}") from None
    return _checked(value, at, most)


def check_text(text: str, at: str = "", most: int = LARGEST) -> None:
    """Raise ``FilterError`` where a text has more than ``most`` bytes, or NUL or half a pair."""
    if len(text) > most or len(text.encode("utf-8", "surrogatepass")) > most:
        raise FilterError(at, f"too large: it may have {most // 1024} KB at most")
    if "\0" in text:
        raise FilterError(at, "a NUL character cannot be matched")
    if _LONE_SURROGATE.search(text):
        raise FilterError(at, "half of a surrogate pair is no character")


def an_object(value: Json, at: str) -> dict[str, Json]:
    """``value`` where it is an object, or ``FilterError``."""
    return value if isinstance(value, dict) else wrong(at, "an object", value)


def a_list(value: Json, at: str) -> list[Json]:
    """``value`` where it is a list, or ``FilterError``."""
    return value if isinstance(value, list) else wrong(at, "a list", value)


def a_string(value: Json, at: str) -> str:
    """``value`` where it is a string, or ``FilterError``."""
    return value if isinstance(value, str) else wrong(at, "a string", value)


def wrong(at: str, expected: str, value: Json) -> NoReturn:
    """Raise the ``FilterError`` of a value of the wrong type."""
    raise FilterError(at, f"must be {expected}, not {kind_of(value)}")


def kind_of(value: Json) -> str:
    """What to call a JSON value's type in a sentence."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "a string"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return "a number"


def within(at: str, key: str | int) -> str:
    """The path of a member: ``detail`` and ``state`` give ``detail.state``; an int an index."""
    if isinstance(key, int):
        return f"{at}[{key}]"
    name = key if key.isprintable() else ascii(key)
    return f"{at}.{name}" if at else name


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, so that a key given twice is not lost before it is seen."""


def _checked(value: Any, at: str, most: int) -> Json:
    if isinstance(value, _Pairs):
        found: dict[str, Json] = {}
        for key, member in value:
            check_text(key, at, most)
            if key in found:
                raise FilterError(within(at, key), "the key is given twice")
            found[key] = _checked(member, within(at, key), most)
        return found
    if isinstance(value, list):
        return [_checked(member, within(at, index), most) for index, member in enumerate(value)]
    if isinstance(value, str):
        check_text(value, at, most)
    return value  # type: ignore[no-any-return]


def _check_depth(text: str, at: str, deepest: int) -> None:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
            if depth > deepest:
                raise FilterError(at, f"too deep: it may nest {deepest} levels at most")
        elif found[0] in ("]", "}"):
            depth -= 1


def _number(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number may have {LONGEST_NUMBER} characters at most")
    number = Decimal(text)
    if abs(number.adjusted()) > 300:
        raise ValueError(f"the number {text} is out of range")
    return number


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON value")
