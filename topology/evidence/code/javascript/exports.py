"""What a module exports under which names, by ``export``, CommonJS or a bundler's helper.

Source: https://nodejs.org/api/modules.html#exports-shortcut
"""

from __future__ import annotations

from collections import defaultdict

from topology.evidence.code.javascript.expressions import member_name, property_name
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.scopes import patterns
from topology.evidence.code.javascript.syntax import Module, Node

Exports = dict[str, list[Node]]


def of(module: Module) -> Exports:
    """The expressions behind every name; ``*`` is the whole of what CommonJS exports."""
    found: Exports = defaultdict(list)
    for node in module.nodes("export_statement"):
        _declared(module, node, found)
    for node in module.nodes("export_specifier"):
        name, alias = node.get("name"), node.get("alias")
        statement = node.parent.parent if node.parent is not None else None
        if name is not None and (statement is None or statement.get("source") is None):
            found[(alias or name).text].append(name)
    for node in module.nodes("assignment_expression"):
        left, right = node.get("left"), node.get("right")
        base = left.get("object") if left is not None else None
        if left is None or right is None or base is None or base.end - base.start > 20:
            continue
        member = member_name(left)
        if base.text == "module" and member == "exports":
            found["*"].append(right)
            found["default"].append(right)
            if right.kind == "object":
                _of_object(right, found)
        elif member and base.text in ("exports", "module.exports"):
            found[member].append(right)
    for node in module.nodes("call_expression"):  # a bundler's __export(x, {name: () => y})
        for given in arguments(node)[1:2]:
            if given.kind == "object":
                _of_helper(given, found)
    return found


def _declared(module: Module, node: Node, found: Exports) -> None:
    declared, value = node.get("declaration"), node.get("value")
    is_default = b"default" in module.source[node.start : node.start + 20].split()
    if value is not None:
        found["default" if is_default else "*"].append(value)
    if declared is None:
        return
    name = declared.get("name")
    if name is not None:
        found["default" if is_default else name.text].append(declared)
    for one in declared.children:
        target = one.get("name") if one.kind == "variable_declarator" else None
        if target is not None:
            for leaf, _, _ in patterns(target, ()):
                found[leaf.text].append(leaf)


def _of_object(literal: Node, found: Exports) -> None:
    for child in literal.children:
        key = child.get("key") or child.get("name")
        if child.kind == "shorthand_property_identifier":
            if child.scope.find(child.text) is not None:
                found[child.text].append(child)
        elif key is not None and (name := property_name(key)):
            found[name].append(child.get("value") or child)


def _of_helper(literal: Node, found: Exports) -> None:
    for pair in literal.children:
        made = pair.get("value") if pair.kind == "pair" else None
        key = pair.get("key")
        if made is not None and made.kind == "arrow_function" and key is not None:
            body, word = made.get("body"), property_name(key)
            if body is not None and body.kind == "identifier" and word:
                found[word].append(body)
