"""How JavaScript's methods of texts and paths make one text of another, as recipes.

Source: https://tc39.es/ecma262/#sec-properties-of-the-string-prototype-object
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Literal as TypingLiteral

from topology.evidence.code.javascript.expressions import member_name, string, unwrapped
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.kinds import Count, Pieces, Value
from topology.evidence.code.javascript.syntax import Node
from topology.evidence.code.texts import either, is_recipe, joined
from topology.sets.recipes import (
    Anything,
    Cased,
    Decoded,
    Either,
    Joined,
    Known,
    Part,
    Recipe,
    Replaced,
    Stripped,
    Trimmed,
)

if TYPE_CHECKING:
    from topology.evidence.code.javascript.values import Values

SPACES = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
TRIMS: dict[str, tuple[TypingLiteral["start", "end"], ...]] = {
    "trim": ("start", "end"),
    "trimStart": ("start",),
    "trimLeft": ("start",),
    "trimEnd": ("end",),
    "trimRight": ("end",),
}
PLAIN = re.compile(r"(?:[^\\^$.|?*+()\[\]{}/]|\\[^\w\s])+")


def as_text(value: Value) -> Recipe:
    """A value as it is put into a text."""
    if isinstance(value, Count):
        return Known(value.text)
    return value if is_recipe(value) else Anything()


def piece(pieces: Pieces, name: str) -> Value:
    """A piece by its number: only the first is told."""
    if name == "0" and not pieces.without:
        return Part(pieces.of, pieces.separator, "before", "first")
    return Anything() if name.isdigit() else None


def last_piece(pieces: Pieces, base: Node, node: Node) -> Value:
    """``parts[parts.length - 1]``; every other computed element is any text of the list."""
    index = node.get("index")
    if index is None or pieces.without or base.kind != "identifier":
        return Anything()
    if index.text.replace(" ", "") == f"{base.text}.length-1":
        return Part(pieces.of, pieces.separator, "after", "last")
    return Anything()


def is_surely_text(value: Value) -> bool:
    """Whether a value is no number, list or object: adding to it makes a text."""
    match value:
        case (
            Known() | Joined() | Replaced() | Part() | Trimmed() | Stripped() | Cased() | Decoded()
        ):
            return True
        case Either(options):
            return all(map(is_surely_text, options))
    return False


def of_function(name: str, given: Sequence[Value]) -> Value:
    """What a global function makes of its first argument."""
    if not given or not is_recipe(given[0]):
        return None
    of = given[0]
    if name == "decodeURIComponent":
        match of:
            case Replaced(encoded, "+", " " | "%20", "every"):
                return Decoded(encoded, plus=True)
        return Decoded(of, plus=False)
    return of if name == "String" else None


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
    if name in ("toString", "valueOf") and not given:
        return of
    if name in TRIMS:
        for side in TRIMS[name]:
            of = Stripped(of, SPACES, side)
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
        return _at_last(name, given, values, steps) or _sliced(of, name, given)
    return Anything()


def _at_last(name: str, given: Sequence[Node], values: Values, steps: int) -> Recipe | None:
    """``key.substring(0, key.lastIndexOf("."))``, or what follows it (``+ 1``)."""
    call = unwrapped(given[-1]) if given else None
    is_after = call is not None and call.kind == "binary_expression" and len(given) == 1
    if call is not None and is_after:
        operator, added = call.get("operator"), call.get("right")
        if operator is None or operator.text != "+" or added is None or added.text != "1":
            return None
        call = unwrapped(call.get("left"))
    callee = unwrapped(call.get("function")) if call is not None else None
    base = callee.get("object") if callee is not None else None
    cut = call.parent if call is not None else None
    while cut is not None and (cut.kind != "call_expression" or cut is call):
        cut = cut.parent
    source = cut.get("function") if cut is not None else None
    whole = source.get("object") if source is not None else None
    if call is None or callee is None or base is None or whole is None or name == "substr":
        return None
    separator = [_text(one, values, steps) for one in arguments(call)]
    is_same = base.kind == whole.kind == "identifier" and base.text == whole.text
    binding = base.scope.find(base.text) if is_same else None
    is_sought = member_name(callee) == "lastIndexOf" and len(separator) == 1
    if binding is None or binding.assigned or not is_sought:
        return None
    of = values.value(whole, steps)
    match separator[0]:
        case Known(sign) if len(sign) == 1 and is_recipe(of):
            if is_after:
                return Part(of, sign, "after", "last")
            if len(given) != 2 or _number(given[0]) != 0:
                return None
            before = Part(of, sign, "before", "last", False)
            return before if name == "substring" else either([before, Trimmed(of, end=1)])
    return None


def _text(node: Node, values: Values, steps: int) -> Recipe:
    value = values.value(node, steps)
    return value if is_recipe(value) else Anything()


def _replaced(of: Recipe, name: str, old: Node, new: Recipe, values: Values, steps: int) -> Recipe:
    if not isinstance(new, Known) or "$" in new.text:
        return Anything()
    found = _constant(old)
    if found is not None and found.kind == "regex":
        old = found
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


def _constant(node: Node) -> Node | None:
    """What a name stands for that is given one value only."""
    binding = node.scope.find(node.text) if node.kind == "identifier" else None
    if binding is None or binding.how != "value" or binding.path or binding.assigned:
        return None
    return unwrapped(binding.node)


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
