"""What objects hold: as they are written, and with all that may be put into them afterwards.

Source: https://tc39.es/ecma262/#sec-object-initializer
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from topology.evidence.code.javascript.expressions import (
    member_name,
    outer_of,
    property_name,
    unwrapped,
)
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.syntax import FUNCTIONS, Node
from topology.evidence.code.javascript.uses import function_name

if TYPE_CHECKING:
    from topology.evidence.code.javascript.kinds import Value
    from topology.evidence.code.javascript.values import Values

FURTHER = ("promise", "then", "catch", "finally")  # of a request, which else would show its input


class Objects:
    """Answers of objects, for ``Values``."""

    def __init__(self, values: Values) -> None:
        self.values, self.index = values, values.index

    def held(self, node: Node, name: str, steps: int = 0) -> Value:
        """What an object literal holds under a name, and what is ever put there."""
        changes = self.index.changes
        if node in changes.unsteady or (changes.is_loose and not self._is_own(node)):
            return None
        found: list[Value] = []
        for child in reversed(node.children):
            if child.kind == "spread_element":
                inner = self.values.value(child.children[0] if child.children else None, steps)
                literal = _object(inner)
                if literal is None:
                    return None
                has = self.has(literal, name)
                if has is not False:
                    found.append(self.held(literal, name, steps))
                if has is not True and has is not False:
                    return None
                if has:
                    break
            elif child.kind == "shorthand_property_identifier":
                if child.text == name:
                    found.append(self.values.value(child, steps))
                    break
            else:
                key = child.get("key") or child.get("name")
                known = property_name(key) if key is not None else None
                if known is None or known == "__proto__":
                    return None
                if known == name:
                    is_pair = child.kind == "pair"
                    found.append(self.values.value(child.get("value"), steps) if is_pair else None)
                    break
        put = changes.set_properties.get(name, ())
        if not self._is_inline(node):
            put = changes.may_hold(name)
        found += [None if one is None else self.values.value(one, steps) for one in put]
        return self.values.either(found) if found else None

    def has(self, node: Node, name: str) -> bool | None:
        """Whether an object literal holds a name; None: not known."""
        changes = self.index.changes
        if node in changes.unsteady or (changes.is_loose and not self._is_own(node)):
            return None
        if name in changes.set_properties or (
            not self._is_inline(node) and name in changes.set_on_this
        ):
            return None if not _writes(node, name) else True
        for child in node.children:
            if child.kind == "shorthand_property_identifier":
                if child.text == name:
                    return True
                continue
            if child.kind == "spread_element":
                inner = self.values.value(child.children[0] if child.children else None)
                literal = _object(inner)
                if literal is None or literal is node:
                    return None
                found = self.has(literal, name)
                if found is not False:
                    return found
                continue
            key = child.get("key") or child.get("name")
            known = property_name(key) if key is not None else None
            if known is None or known == "__proto__":
                return None
            if known == name:
                return True
        return False

    def of_this(self, node: Node, name: str) -> list[Node | None]:
        """All that ``this`` may hold under a name, in methods; ``[None]``: not known."""
        changes = self.index.changes
        if changes.is_this_loose or changes.is_loose or name in changes.mutated:
            return [None]
        if name in changes.accessors or not self._is_in_class(node):
            return [None]
        return [*changes.may_hold(name), *changes.pairs.get(name, ())] or [None]

    def _is_in_class(self, node: Node) -> bool:
        """Whether ``this`` is an object of a class that extends no other."""
        function = node.parent
        while function is not None and (
            function.kind not in FUNCTIONS or function.kind == "arrow_function"
        ):
            if function.kind in ("public_field_definition", "field_definition"):
                break
            function = function.parent
        body = function.parent if function is not None else None
        owner = body.parent if body is not None and body.kind == "class_body" else None
        if function is None or owner is None:
            return False
        if any(child.kind == "class_heritage" for child in owner.children):
            return False
        name = function_name(function) if function.kind == "method_definition" else None
        return name is None or name == "constructor" or name not in self.index.escaped

    def _is_inline(self, node: Node) -> bool:
        """Whether an object is written into a request, and so has no name of its own."""
        return _home(node).kind == "arguments"

    def _is_own(self, node: Node) -> bool:
        """Whether nothing else can reach an object: it goes from where it is written to AWS."""
        home = _home(node)
        if home.kind == "variable_declarator":
            name = home.get("name")
            binding = name.scope.find(name.text) if name is not None else None
            if binding is None or name is None or name.kind != "identifier":
                return False
            return all(_is_named_member(use) or self._is_sent(use.parent) for use in binding.uses)
        return self._is_sent(home)

    def _is_sent(self, given: Node | None) -> bool:
        """Whether arguments are of a command that is sent at once, or of a client's method."""
        call = given.parent if given is not None and given.kind == "arguments" else None
        if call is None or call not in self.values.sent:
            return False
        if call.kind == "new_expression":
            outer = call.parent
            sender = outer.parent if outer is not None and outer.kind == "arguments" else None
            callee = unwrapped(sender.get("function")) if sender is not None else None
            is_send = callee is not None and member_name(callee) == "send"
            return is_send and "send" not in self.index.functions
        member = call.parent
        if member is not None and member.kind == "member_expression":
            return member_name(member) in FURTHER
        return outer_of(call).kind in ("expression_statement", "return_statement") or (
            len(arguments(call)) > 1
        )


def _home(node: Node) -> Node:
    """What an object is written into, out of the objects and lists around it."""
    now = outer_of(node)
    while now.kind in ("pair", "object", "array"):
        now = outer_of(now)
    return now


def _object(value: Value) -> Node | None:
    node: Node | None = getattr(value, "node", None)
    return node if node is not None and node.kind == "object" else None


def _writes(node: Node, name: str) -> bool:
    for child in node.children:
        key = child.get("key") or child.get("name")
        if (
            child.text == name
            if child.kind == "shorthand_property_identifier"
            else (key is not None and property_name(key) == name)
        ):
            return True
    return False


def _is_named_member(use: Node) -> bool:
    member = use.parent
    return use.field == "object" and member is not None and member_name(member) is not None
