"""How JavaScript's methods of texts and paths make one text of another, as recipes.

Source: https://tc39.es/ecma262/#sec-properties-of-the-string-prototype-object
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from topology.evidence.code.javascript.scopes import string
from topology.evidence.code.javascript.syntax import Node
from topology.sets.recipes import (
    Anything,
    Brought,
    Cased,
    Decoded,
    Either,
    Joined,
    Known,
    Part,
    Recipe,
    Replaced,
    Setting,
    Trimmed,
)

if TYPE_CHECKING:
    from topology.evidence.code.javascript.values import Value, Values

RECIPES = (
    Anything, Brought, Cased, Decoded, Either, Joined, Known, Part, Replaced, Setting, Trimmed
)  # fmt: skip
PLAIN = re.compile(r"(?:[^\\^$.|?*+()\[\]{}/]|\\[^\w\s])+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text split at a separator; ``cut`` pieces are left out at the ``start`` or ``end``."""

    of: Recipe
    separator: str
    without: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPath:
    """What ``path.parse`` makes of a text."""

    of: Recipe


def is_recipe(value: object) -> TypeGuard[Recipe]:
    """Whether a value is a text."""
    return isinstance(value, RECIPES)


def joined(parts: Sequence[Recipe]) -> Recipe:
    """One text after the other, literals put together."""
    found: list[Recipe] = []
    for part in parts:
        for one in part.parts if isinstance(part, Joined) else (part,):
            if isinstance(one, Known) and found and isinstance(found[-1], Known):
                found[-1] = Known(found[-1].text + one.text)
            elif one != Known(""):
                found.append(one)
    return found[0] if len(found) == 1 else Joined(tuple(found)) if found else Known("")


def either(options: Sequence[Recipe]) -> Recipe:
    """One of several, each once."""
    found: dict[Recipe, None] = {}
    for option in options:
        found.update(dict.fromkeys(option.options if isinstance(option, Either) else (option,)))
    if Anything() in found or len(found) > 32:
        return Anything()
    return next(iter(found)) if len(found) == 1 else Either(tuple(found))


def piece(pieces: Pieces, name: str) -> Value:
    """A piece by its number: only the first is told."""
    if name == "0" and not pieces.without:
        return Part(pieces.of, pieces.separator, "before", "first")
    return Anything() if name.isdigit() else None


def last_piece(value: Value, base: Node, node: Node) -> Value:
    """``parts[parts.length - 1]``; every other computed element is any text of the list."""
    index = node.get("index")
    if isinstance(value, Brought):
        return Brought((*value.path, "*")) if _is_count(index) else None
    if not isinstance(value, Pieces) or index is None:
        return None
    if index.text.replace(" ", "") == f"{base.text}.length-1" and not value.without:
        return Part(value.of, value.separator, "after", "last")
    return Anything()


def _is_count(index: Node | None) -> bool:
    return index is not None and index.kind == "identifier" and len(index.text) == 1


def of_function(name: str, given: Sequence[Value]) -> Value:
    """What a global function makes of its first argument."""
    if not given or not is_recipe(given[0]):
        return None
    of = given[0]
    if name in ("decodeURIComponent", "unescape", "querystring.unescape"):
        match of:
            case Replaced(encoded, "+", " " | "%20", "every") if name == "decodeURIComponent":
                return Decoded(encoded, plus=True)
        return Anything() if name == "unescape" else Decoded(of, plus=False)
    return of if name == "String" else None


def base_name(of: Recipe) -> Recipe:
    """The last part of a path; slashes at its end (two at most are told) are left out."""
    once = Part(of, "/", "before", "last")
    return either(
        [
            Part(of, "/", "after", "last"),
            Part(once, "/", "after", "last"),
            Part(Part(once, "/", "before", "last"), "/", "after", "last"),
        ]
    )


def of_path(name: str, given: Sequence[Value]) -> Value:
    """What Node's ``path`` makes. A path that goes up (``..``) is not told of in a join."""
    texts = [value for value in given if is_recipe(value)]
    if len(texts) != len(given) or not texts:
        return None
    of = texts[0]
    if name == "basename" and len(texts) == 1:
        return base_name(of)
    if name == "basename" and isinstance(texts[1], Known) and texts[1].text:
        whole = base_name(of)
        return either([Replaced(whole, texts[1].text, "", "end"), texts[1]])
    if name in ("dirname", "extname"):
        return parsed(ParsedPath(of), name)
    if name == "parse":
        return ParsedPath(of)
    if name in ("join",) and all(is_recipe(text) for text in texts):
        return _path_joined(texts)
    return None


def _path_joined(texts: Sequence[Recipe]) -> Recipe:
    whole: list[Recipe] = []
    for index, text in enumerate(texts):
        if isinstance(text, Known):
            part = text.text if not index else text.text.lstrip("/")
            if ".." in part or "//" in part or part in ("", ".") or part.startswith("./"):
                return Anything()
            last = index == len(texts) - 1
            whole.append(Known(part if last else part.rstrip("/") + "/"))
        else:
            bare = either([text, Replaced(text, "/", "", "start")]) if index else text
            whole.append(bare)
            if index < len(texts) - 1:
                whole.append(Known("/"))
    return joined(whole)


def parsed(path: ParsedPath, name: str) -> Value:
    """A field of ``path.parse``, or the path's folder or ending."""
    base = base_name(path.of)
    if name == "base":
        return base
    if name == "name":
        return either([Part(base, ".", "before", "last"), base])
    if name in ("ext", "extname"):
        ending = Part(base, ".", "after", "last", False)
        return either([Known(""), joined([Known("."), ending])])
    if name in ("dir", "dirname"):
        once = Part(path.of, "/", "before", "last", False)
        return either([once, Part(once, "/", "before", "last", False), Known("."), Known("/")])
    return None


def of_method(of: Value, name: str, given: Sequence[Node], values: Values, steps: int) -> Value:
    """What a method of a text, or of its pieces, makes."""
    if isinstance(of, Pieces):
        return _of_pieces(of, name, given)
    if not is_recipe(of):
        return None
    if name in ("toLowerCase", "toUpperCase", "toLocaleLowerCase", "toLocaleUpperCase"):
        if "Locale" in name:
            return Anything()
        return Cased(of, "lower" if "Lower" in name else "upper")
    if name in ("toString", "valueOf"):
        return of
    if name == "concat":
        return joined([of, *(_text(arg, values, steps) for arg in given)])
    if name in ("replace", "replaceAll") and len(given) == 2:
        return _replaced(of, name, given[0], _text(given[1], values, steps), values, steps)
    if name == "split" and len(given) == 1:
        separator = _text(given[0], values, steps)
        if isinstance(separator, Known) and separator.text:
            return Pieces(of, separator.text)
        return None
    if name in ("slice", "substring", "substr"):
        return _sliced(of, name, given)
    return Anything()


def _text(node: Node, values: Values, steps: int) -> Recipe:
    value = values.value(node, steps)
    return value if is_recipe(value) else Anything()


def _replaced(of: Recipe, name: str, old: Node, new: Recipe, values: Values, steps: int) -> Recipe:
    if not isinstance(new, Known) or "$" in new.text:
        return Anything()
    if old.kind != "regex":
        text = _text(old, values, steps)
        if not isinstance(text, Known) or not text.text:
            return Anything()
        return Replaced(of, text.text, new.text, "every" if name == "replaceAll" else "first")
    pattern, flags = old.get("pattern"), old.get("flags")
    signs = flags.text if flags is not None else ""
    source = pattern.text if pattern is not None else ""
    if set(signs) - set("gu"):
        return Anything()
    where, body = "every" if "g" in signs else "first", source
    if source.startswith("^"):
        where, body = "start", source[1:]
    elif source.endswith("$") and not source.endswith("\\$"):
        where, body = "end", source[:-1]
    if not PLAIN.fullmatch(body):
        return Anything()
    plain = re.sub(r"\\(.)", r"\1", body)
    if where == "start":
        return Replaced(of, plain, new.text, "start")
    if where == "end":
        return Replaced(of, plain, new.text, "end")
    return Replaced(of, plain, new.text, "every" if where == "every" else "first")


def _number(node: Node) -> int | None:
    if node.kind == "number" and node.text.isdigit():
        return int(node.text) if len(node.text) < 6 else None
    if node.kind == "unary_expression" and node.text.startswith("-"):
        return -int(node.text[1:]) if node.text[1:].isdigit() and len(node.text) < 6 else None
    base = node.get("object")
    if node.kind == "member_expression" and base is not None and base.kind == "string":
        text = string(base)
        return len(text) if text is not None and node.text.endswith(".length") else None
    return None


def _sliced(of: Recipe, name: str, given: Sequence[Node]) -> Recipe:
    numbers = [_number(node) for node in given]
    if not numbers or numbers[0] is None or numbers[0] < 0:
        return Anything()
    if len(numbers) == 1:
        return Trimmed(of, start=numbers[0])
    end = numbers[1]
    if name == "slice" and end is not None and end < 0:
        return Trimmed(of, start=numbers[0], end=-end)
    return Anything()


def _of_pieces(of: Pieces, name: str, given: Sequence[Node]) -> Value:
    if name == "pop" or (name == "at" and given and _number(given[0]) == -1):
        return Anything() if of.without else Part(of.of, of.separator, "after", "last")
    if name == "shift" and not of.without:
        return Part(of.of, of.separator, "before", "first")
    if name == "slice" and not of.without:
        numbers = [_number(node) for node in given]
        if numbers == [1]:
            return Pieces(of.of, of.separator, "start")
        if numbers == [0, -1]:
            return Pieces(of.of, of.separator, "end")
        return None
    if name == "join" and len(given) == 1 and given[0].kind == "string":
        separator = string(given[0])
        if separator is not None and not of.without:
            return Replaced(of.of, of.separator, separator, "every")
        if separator == of.separator:
            side, which = ("after", "first") if of.without == "start" else ("before", "last")
            if side == "after" and which == "first":
                return Part(of.of, of.separator, "after", "first", False)
            return Part(of.of, of.separator, "before", "last", False)
        return Anything()
    return None
