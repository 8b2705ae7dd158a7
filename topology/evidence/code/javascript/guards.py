"""Which conditions on the event the code makes before a call: told, and never relied on.

Source: https://tc39.es/ecma262/#sec-if-statement
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from topology.evidence.code.javascript.expressions import member_name, unwrapped
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.syntax import FUNCTIONS, Node
from topology.evidence.code.javascript.values import Values
from topology.sets.made import described
from topology.sets.recipes import Brought, Known, Recipe

MOST, LONGEST = 3, 500  # that are told; statements of a block that is looked through
ASKED = {"endsWith": "ends with", "startsWith": "starts with", "includes": "contains"}
SAME = frozenset(["===", "==", "!==", "!="])
LEAVING = frozenset(
    ["return_statement", "continue_statement", "break_statement", "throw_statement"]
)


def guards_of(call: Node, values: Values) -> str:
    """The conditions on the event around and before a call, in words; empty: there are none."""
    found: dict[str, None] = {}
    for condition in _conditions(call):
        for asked, words in _questions(condition, values):
            found[f"on whether {words}, {asked.module.path}:{asked.line}"] = None
    return "; ".join(list(found)[:MOST])


def _conditions(call: Node) -> Iterator[Node]:
    """What was asked on the way to a call, in its function: innermost first."""
    now, holder = call, call.parent
    while holder is not None and now.kind not in FUNCTIONS:
        if holder.kind in ("if_statement", "ternary_expression") and now.field != "condition":
            yield from _field(holder, "condition")
        elif holder.kind == "binary_expression" and now.field == "right":
            operator = holder.get("operator")
            if operator is not None and operator.text in ("&&", "||"):
                yield from _field(holder, "left")
        elif holder.kind == "statement_block" and len(holder.children) <= LONGEST:
            for before in holder.children[: holder.children.index(now)]:
                if before.kind == "if_statement" and _leaves(before.get("consequence")):
                    yield from _field(before, "condition")
        now, holder = holder, holder.parent


def _field(node: Node, field: str) -> Iterator[Node]:
    found = node.get(field)
    if found is not None:
        yield found


def _leaves(statement: Node | None) -> bool:
    if statement is not None and statement.kind == "statement_block" and statement.children:
        statement = statement.children[-1]
    return statement is not None and statement.kind in LEAVING


def _questions(condition: Node, values: Values) -> Iterator[tuple[Node, str]]:
    """What a condition asks of a text that the event brought."""
    waiting = [condition]
    while waiting:
        node = unwrapped(waiting.pop())
        if node is None:
            continue
        if node.kind == "call_expression":
            yield from _asked(node, values)
        elif node.kind == "unary_expression":
            waiting += [child for child in node.children if child.field == "argument"]
        elif node.kind == "binary_expression":
            operator, left, right = (node.get(each) for each in ("operator", "left", "right"))
            if left is not None and right is not None and operator is not None:
                if operator.text in SAME:
                    yield from _compared(node, left, right, values)
                else:
                    waiting += [right, left]


def _asked(call: Node, values: Values) -> Iterator[tuple[Node, str]]:
    callee, given = unwrapped(call.get("function")), arguments(call)
    base = callee.get("object") if callee is not None else None
    name = member_name(callee) if callee is not None else None
    if base is None or not given:
        return
    text, other = values.text(base), values.text(given[0])
    if name in ASKED and _is_brought(text) and isinstance(other, Known):
        yield call, f'{described(text)} {ASKED[name]} "{other.text}"'
    elif name == "test" and _is_brought(other):
        yield call, f"{described(other)} matches a pattern"


def _compared(node: Node, left: Node, right: Node, values: Values) -> Iterator[tuple[Node, str]]:
    first, second = values.text(left), values.text(right)
    if isinstance(first, Known):
        first, second = second, first
    if _is_brought(first) and isinstance(second, Known):
        yield node, f'{described(first)} is "{second.text}"'


def _is_brought(recipe: Recipe) -> bool:
    """Whether something of the event is in a text."""
    if isinstance(recipe, Brought):
        return True
    inner = [getattr(recipe, each.name) for each in fields(recipe)]
    flat = [one for each in inner for one in (each if isinstance(each, tuple) else (each,))]
    return any(isinstance(one, Recipe) and _is_brought(one) for one in flat)
