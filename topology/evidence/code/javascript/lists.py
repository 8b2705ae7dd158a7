"""Lists of JavaScript: what may be in them, and whether anything changes them.

Source: https://tc39.es/ecma262/#sec-properties-of-the-array-prototype-object
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from topology.evidence.code.javascript.changes import MUTATING, Changes
from topology.evidence.code.javascript.expressions import member_name, outer_of, property_name
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.kinds import Each, Literal
from topology.evidence.code.javascript.modules import words
from topology.evidence.code.javascript.syntax import Binding, Node

if TYPE_CHECKING:
    from topology.evidence.code.javascript.kinds import Value
    from topology.evidence.code.javascript.values import Values

READING = words(
    """
    at concat every filter find findIndex findLast flat flatMap forEach includes indexOf join
    lastIndexOf length map reduce slice some toString entries keys values toSorted toReversed
    with toSpliced
    """
)
GIVEN_ON = words(
    """
    isArray stringify log info debug warn error all
    """
)


def is_kept(binding: Binding, changes: Changes, pushing: bool = False) -> bool:
    """Whether a list in a name is only read; or, while ``pushing``, read and added to."""
    return all(_is_read(use, changes, pushing) for use in binding.uses)


def pushed(binding: Binding) -> list[Node]:
    """What is added to a list at its end."""
    found: list[Node] = []
    for use in binding.uses:
        member = use.parent
        if member is not None and use.field == "object" and member_name(member) == "push":
            call = outer_of(member)
            found += arguments(call)
    return found


def only_popped(binding: Binding) -> Node | None:
    """The one call that takes an element off a list which else is only read."""
    taking = [use.parent for use in binding.uses if use.parent is not None and _takes(use)]
    if len(taking) != 1 or _is_repeated(taking[0], binding):
        return None
    return taking[0]


def _takes(use: Node) -> bool:
    member = use.parent
    return member is not None and use.field == "object" and member_name(member) in ("pop", "shift")


def _is_repeated(node: Node, binding: Binding) -> bool:
    """Whether it may run more often than the list is made."""
    now = node.parent
    home = binding.node.parent.parent if binding.node.parent is not None else None
    while now is not None and now is not (home.parent if home is not None else None):
        if now.kind.endswith(("function", "_definition")) or "for_" in now.kind:
            return True
        if now.kind in ("while_statement", "do_statement", "function_declaration"):
            return True
        now = now.parent
    return now is None


def _is_read(use: Node, changes: Changes, pushing: bool) -> bool:
    parent = use.parent
    if parent is None:
        return False
    if use.field == "object" and parent.kind in ("member_expression", "subscript_expression"):
        if parent.parent is None or (parent.field == "left" and "binary" not in parent.parent.kind):
            return False
        name = member_name(parent)
        if parent.parent.kind in ("update_expression", "unary_expression") and name != "length":
            return False
        if name is None or name.isdigit():
            return parent.field != "function"
        return name in READING or (pushing and name == "push" and parent.field == "function")
    if parent.kind == "pair" and use.field == "value":
        key = parent.get("key")
        name = property_name(key) if key is not None else None
        return name is not None and name not in changes.mutated
    if parent.kind == "object":  # {entries}
        return use.text not in changes.mutated
    if parent.kind == "arguments":
        callee = parent.parent.get("function") if parent.parent is not None else None
        return callee is not None and member_name(callee) in GIVEN_ON
    if parent.kind == "for_in_statement":
        return use.field == "right"
    return parent.kind in ("spread_element", "binary_expression", "if_statement")


def is_mutator(name: str | None) -> bool:
    """Whether a method changes the list it is called of."""
    return name in MUTATING


def elements(values: Values, value: Value) -> list[Node] | None:
    """The expressions that a list may hold; None: not known."""
    if isinstance(value, Each):
        return values.index.returned(value.made)
    if not isinstance(value, Literal) or value.node.kind != "array":
        return None
    if value.node in values.index.changes.unsteady:
        return None
    found: list[Node] = []
    for child in value.node.children:
        if child.kind != "spread_element":
            found.append(child)
            continue
        inner = elements(values, values.value(child.children[0] if child.children else None))
        if inner is None:
            return None
        found += inner
    further = _pushed(values, value.node)
    return None if further is None else found + further


def _pushed(values: Values, array: Node) -> list[Node] | None:
    """What is added to a list after it was written; None: not all of it is known."""
    holder = outer_of(array)
    if holder.kind == "variable_declarator":
        name = holder.get("name")
        binding = name.scope.find(name.text) if name is not None else None
        if binding is None or not is_kept(binding, values.index.changes, pushing=True):
            return None
        added = pushed(binding)
        return None if any(one.kind == "spread_element" for one in added) else added
    if holder.kind == "pair":
        key = holder.get("key")
        is_changed = key is None or key.text in values.index.changes.mutated
        return None if is_changed else []
    return [] if holder.kind in ("arguments", "spread_element", "ternary_expression") else None
