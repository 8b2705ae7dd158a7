"""What calls make of texts and lists: methods of both, and functions of Node.

Source: https://tc39.es/ecma262/#sec-properties-of-the-string-prototype-object
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from topology.evidence.code.javascript import lists, paths, texts
from topology.evidence.code.javascript.expressions import member_name, string, unwrapped
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.kinds import Each, Literal
from topology.evidence.code.javascript.syntax import FUNCTIONS, Node
from topology.sets.recipes import Brought

if TYPE_CHECKING:
    from topology.evidence.code.javascript.kinds import Value
    from topology.evidence.code.javascript.values import Values


def made(values: Values, node: Node, steps: int) -> Value:
    """What a call makes."""
    callee = unwrapped(node.get("function"))
    if callee is None:
        return None
    given = arguments(node)
    if any(one.kind == "spread_element" for one in given):
        return None
    if callee.kind == "identifier":
        return _function(callee, [values.value(one, steps) for one in given])
    name, base = member_name(callee), callee.get("object")
    if name is None or base is None:
        return None
    is_path = values.index.is_module(base, "path", "path/posix")
    if is_path and name not in values.index.changes.set_properties:
        return paths.of_path(name, [values.value(one, steps) for one in given])
    of = _popped(values, node, base, steps) if lists.is_mutator(name) else values.value(base, steps)
    if isinstance(of, Literal | Each) or name == "map":
        if name == "map" and given and given[0].kind in FUNCTIONS:
            return Each(given[0])
        return of if name == "filter" else None
    if isinstance(of, Brought) and name in ("filter", "toSorted", "toReversed"):
        return of
    return texts.of_method(of, name, given, values, steps)


def _popped(values: Values, call: Node, base: Node, steps: int) -> Value:
    """A list that one call takes an element off: what that gets is told, nothing after it."""
    inner = unwrapped(base)
    if inner is None or inner.kind != "identifier":
        return values.value(base, steps)
    binding = inner.scope.find(inner.text)
    if binding is None or binding.how != "value" or binding.path or binding.assigned:
        return None
    taken = lists.only_popped(binding)
    member = unwrapped(call.get("function"))
    return values.value(binding.node, steps) if taken is not None and taken is member else None


def _function(callee: Node, given: Sequence[Value]) -> Value:
    binding = callee.scope.find(callee.text)
    if binding is None:
        return texts.of_function(callee.text, given[:1])
    if binding.how == "import" and binding.path[0].removeprefix("node:") == "path":
        return paths.of_path(binding.path[1], given)
    is_taken = binding.how == "value" and binding.path and not binding.assigned
    call = unwrapped(binding.node) if is_taken else None  # const {join} = require("path")
    literal = arguments(call) if call is not None and call.kind == "call_expression" else []
    if literal and literal[0].kind == "string" and string(literal[0]) in ("path", "node:path"):
        return paths.of_path(binding.path[-1], given)
    return None
