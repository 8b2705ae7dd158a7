"""How names and functions are used where they stand: called, exported, or handed on.

Source: https://tc39.es/ecma262/#sec-function-calls
"""

from __future__ import annotations

from topology.evidence.code.javascript.expressions import (
    WRAPPING,
    member_name,
    outer_of,
    property_name,
    unwrapped,
)
from topology.evidence.code.javascript.syntax import Binding, Node


def function_name(node: Node) -> str | None:
    """The name that a function is called by: its own if it declares one, or what it is put into."""
    own = node.get("name")
    if own is not None and node.kind not in ("function_expression", "generator_function"):
        return property_name(own) or (None if node.kind == "method_definition" else own.text)
    holder = node.parent
    while holder is not None and holder.kind in WRAPPING:
        holder = holder.parent
    if holder is None:
        return None
    if holder.kind == "variable_declarator":
        name = holder.get("name")
        return name.text if name is not None and name.kind == "identifier" else None
    if holder.kind == "pair":
        key = holder.get("key")
        return property_name(key) if key is not None else None
    if holder.kind in ("public_field_definition", "field_definition"):
        key = holder.get("name") or holder.get("property")
        return property_name(key) if key is not None else None
    if holder.kind == "assignment_expression" and outer_of(holder).kind == "expression_statement":
        left = holder.get("left")
        if left is None:
            return None
        if left.text == "module.exports":
            return None
        return left.text if left.kind == "identifier" else member_name(left)
    return None


def declared_for(function: Node, name: str) -> Binding | None:
    """The name that is declared for a function, and is nothing else."""
    is_own = function.kind in ("function_declaration", "generator_function_declaration")
    if not is_own and outer_of(function).kind != "variable_declarator":
        return None
    scope = function.scope.outer
    binding = scope.find(name) if scope is not None else None
    return binding if binding is not None and unwrapped(binding.node) is function else None


def is_exported(function: Node) -> bool:
    """``export function f`` or ``export const f = …``."""
    node: Node | None = function
    for _ in range(4):
        node = node.parent if node is not None else None
        if node is not None and node.kind == "export_statement":
            return True
    return False


def arguments_are_told(call: Node) -> bool:
    """Whether a call has arguments one by one, and is no template with a tag."""
    given = call.get("arguments")
    return given is not None and given.kind == "arguments"


def called_name(callee: Node) -> str | None:
    """The name by which a callee is called; None: it has none."""
    return callee.text if callee.kind == "identifier" else member_name(callee)


def is_callee(node: Node) -> bool:
    """Whether an expression is what a call calls, and not one of its arguments."""
    inner: Node = node
    while inner.parent is not None and inner.parent.kind in WRAPPING:
        if inner.parent.kind == "await_expression":
            return False
        inner = inner.parent
    return inner.field == "function"


def is_only_called(use: Node) -> bool:
    """Whether a use of a name calls it, builds of it or exports it by the same name."""
    if is_callee(use) or use.field == "constructor":
        return True
    outer = outer_of(use)
    if outer.kind == "export_specifier":
        alias = outer.get("alias")
        return alias is None or alias is use
    if outer.kind == "assignment_expression":
        left = outer.get("left")
        if left is use:
            return True
        return left is not None and left.text in (
            f"exports.{use.text}",
            f"module.exports.{use.text}",
        )
    is_short = use.kind == "shorthand_property_identifier" and use.parent is not None
    return is_short and use.parent is not None and _stays(use.parent)


def is_built_or_exported(use: Node) -> bool:
    """Whether a use of a class builds of it, or exports it by the same name."""
    return use.field == "constructor" or (not is_callee(use) and is_only_called(use))


def is_called_elsewhere(function: Node) -> bool:
    """Whether others may call a function without its name: as a default, or by its object."""
    holder = function.parent
    if holder is None:
        return False
    if holder.kind == "export_statement":
        head = holder.module.source[holder.start : function.start].split()
        return b"default" in head or b"=" in head
    if holder.kind == "class_body":
        owner = holder.parent
        return owner is not None and any(
            child.kind in ("class_heritage", "decorator") for child in owner.children
        )
    literal = holder.parent if holder.kind == "pair" else holder
    if literal is None or literal.kind != "object":
        return bool(function.children and function.children[0].kind == "decorator")
    return not _stays(literal)


def _stays(literal: Node) -> bool:
    """Whether an object is only exported, or kept in a name whose members alone are used."""
    outer = outer_of(literal)
    if outer.kind == "assignment_expression":
        left = outer.get("left")
        return left is not None and left.text == "module.exports"
    name = outer.get("name") if outer.kind == "variable_declarator" else None
    binding = name.scope.find(name.text) if name is not None and name.kind == "identifier" else None
    return binding is not None and all(
        use.field == "object" or (is_only_called(use) and use.kind == "identifier")
        for use in binding.uses
    )


def is_exporting(use: Node) -> bool:
    """Whether a use of a name only exports it."""
    parent = use.parent
    if parent is not None and parent.kind == "arrow_function" and use.field == "body":
        return parent.parent is not None and parent.parent.kind == "pair"  # a bundler's __export
    outer = outer_of(use)
    if outer.kind == "assignment_expression":
        left = outer.get("left")
        return (
            left is not use and left is not None and left.text.startswith(("exports.", "module."))
        )
    if outer.kind in ("pair", "object"):
        literal = outer if outer.kind == "object" else outer.parent
        return literal is not None and _stays(literal)
    return outer.kind in ("export_specifier", "export_statement")
