"""What pieces of syntax say by themselves: literals, names of members, what only wraps others.

Source: https://tc39.es/ecma262/#sec-ecmascript-language-expressions
"""

from __future__ import annotations

from topology.evidence.code.javascript.syntax import Node

WRAPPING = frozenset(
    [
        "parenthesized_expression",
        "await_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
    ]
)
LITERALS = ("string", "template_string")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
NOTHING = ("\n", "\r\n", "\u2028", "\u2029")  # escaped: the line goes on


def unwrapped(node: Node | None) -> Node | None:
    """An expression without parentheses, await and types; of a sequence the last."""
    while node is not None:
        if node.kind in WRAPPING and node.children:
            inner = node.children
            node = inner[-1] if node.kind == "type_assertion" else inner[0]
        elif node.kind == "sequence_expression" and node.children:
            node = node.children[-1]
        else:
            break
    return node


def outer_of(node: Node) -> Node:
    """What an expression is part of, wrappers left out."""
    parent = node.parent
    while parent is not None and parent.kind in WRAPPING:
        parent = parent.parent
    return parent if parent is not None else node


def member_name(node: Node) -> str | None:
    """The property that a member expression means; None: it is computed, or this is none."""
    if node.kind == "member_expression":
        name = node.get("property")
        return name.text if name is not None else None
    if node.kind == "subscript_expression":
        index = unwrapped(node.get("index"))
        if index is not None and index.kind in (*LITERALS, "number"):
            return property_name(index)
    return None


def parameters(function: Node) -> list[Node]:
    """The parameters of a function in their order; TypeScript's ``this`` is none."""
    one, every = function.get("parameter"), function.get("parameters")
    given = [one] if one is not None else every.children if every is not None else []
    return [each for each in given if _names(each) != "this"]


def _names(parameter: Node) -> str:
    inner = parameter.get("pattern")
    return inner.kind if inner is not None else parameter.kind


def positions(listed: Node) -> list[tuple[Node, str]]:
    """What is in an array or its pattern, with its place; ``?`` after what makes that unclear."""
    found, place, end = [], 0, listed.start + 1
    source = listed.module.source
    is_clear = True
    for number, child in enumerate(listed.children):
        between = source[end : child.start]
        commas = between.count(b",")
        is_clear = is_clear and b"/" not in between
        place += commas if not number else commas - 1
        found.append((child, str(place) if is_clear else "?"))
        is_clear = is_clear and child.kind not in ("spread_element", "rest_pattern")
        place, end = place + 1, child.end
    return found


def property_name(key: Node) -> str | None:
    """The name of a property as it is written; None: it is computed."""
    if key.kind in ("property_identifier", "private_property_identifier", "number"):
        return key.text
    if key.kind in LITERALS:
        return string(key)
    if key.kind == "computed_property_name" and key.children:
        return property_name(key.children[0]) if key.children[0].kind in LITERALS else None
    return None


def string(node: Node) -> str | None:
    """The text of a literal; None: it has parts or escapes that are not read."""
    parts = []
    for child in node.children:
        if child.kind == "string_fragment":
            parts.append(child.text.replace("\r\n", "\n"))  # as in templates; strings have none
        elif child.kind == "escape_sequence":
            text = unescaped(child.text)
            if text is None:
                return None
            parts.append(text)
        else:
            return None
    return whole("".join(parts))


def unescaped(text: str) -> str | None:
    """What an escape sequence of a literal means; halves of a character are put together later."""
    body = text[1:]
    if body in ESCAPES:
        return ESCAPES[body]
    if body[:1] in ("x", "u"):
        try:
            return chr(int(body[1:].strip("{}"), 16))
        except (ValueError, OverflowError):
            return None
    if body in NOTHING:
        return ""
    return body if len(body) == 1 and not body.isdigit() else None


def whole(text: str) -> str | None:
    """A text whose characters may stand as two halves (UTF-16); None: one is only half there."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def summands(node: Node) -> list[Node | None]:
    """The parts of a sum, however long, from the left."""
    found: list[Node | None] = []
    now: Node | None = node
    while now is not None and now.kind == "binary_expression":
        operator = now.get("operator")
        if operator is None or operator.text != "+":
            break
        found.append(now.get("right"))
        now = now.get("left")
    return [now, *reversed(found)]
