"""What an expression may be, followed back through names, parameters and objects.

Nothing is executed; what is not understood is None, and as a text ``Anything``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from topology.evidence.code.javascript import texts
from topology.evidence.code.javascript.index import Index, unwrapped
from topology.evidence.code.javascript.package import arguments
from topology.evidence.code.javascript.scopes import property_name, string, unescaped
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Node
from topology.sets.recipes import Anything, Brought, Either, Joined, Known, Recipe, Setting

MAX_STEPS = 40
MAX_WORK = 400_000
EACH = frozenset(["map", "forEach", "filter", "flatMap", "find", "some", "every"])


@dataclass(frozen=True, slots=True)
class Environment:
    """``process.env``."""


@dataclass(frozen=True, slots=True)
class Literal:
    """An object, array or function as it is written."""

    node: Node


@dataclass(frozen=True, slots=True)
class Each:
    """A list of what a function makes of each element."""

    made: Node


Value: TypeAlias = "Recipe | Environment | Literal | Each | texts.Pieces | texts.ParsedPath | None"


class Values:
    """Values of the expressions of a package; ``handler`` is the function that gets the event."""

    def __init__(self, index: Index, handler: Node | None) -> None:
        self.index, self.handler = index, handler
        self._now: set[object] = set()
        self._work = 0

    def text(self, node: Node | None) -> Recipe:
        """The text an expression makes."""
        value = self.value(node)
        return value if texts.is_recipe(value) else Anything()

    def value(self, node: Node | None, steps: int = 0) -> Value:
        """What an expression is; None: not known."""
        self._work += 1
        node = unwrapped(node)
        if node is None or steps > MAX_STEPS or self._work > MAX_WORK or node in self._now:
            return None
        self._now.add(node)
        try:
            return self._value(node, steps + 1)
        finally:
            self._now.discard(node)

    def _value(self, node: Node, steps: int) -> Value:
        kind = node.kind
        if kind == "string":
            text = string(node)
            return None if text is None else Known(text)
        if kind == "number":
            return Known(node.text) if node.text.isdigit() else None
        if kind == "template_string":
            return self._template(node, steps)
        if kind in ("object", "array") or kind in FUNCTIONS:
            return Literal(node)
        if kind == "identifier" or kind == "shorthand_property_identifier":
            binding = node.scope.find(node.text)
            return self.bound(binding, steps) if binding is not None else None
        if kind in ("member_expression", "subscript_expression"):
            return self._member(node, steps)
        if kind == "binary_expression":
            return self._binary(node, steps)
        if kind == "ternary_expression":
            return self._either(
                [self.value(node.get(side), steps) for side in ("consequence", "alternative")]
            )
        if kind == "call_expression":
            return self._call(node, steps)
        return None

    def _template(self, node: Node, steps: int) -> Value:
        parts: list[Recipe] = []
        for child in node.children:
            if child.kind == "template_substitution":
                value = self.value(child.children[0] if child.children else None, steps)
                parts.append(value if texts.is_recipe(value) else Anything())
            elif child.kind == "escape_sequence":
                text = unescaped(child.text)
                parts.append(Anything() if text is None else Known(text))
            else:
                parts.append(Known(child.text))
        return texts.joined(parts)

    def _either(self, values: Sequence[Value]) -> Value:
        known = [value for value in values if texts.is_recipe(value)]
        if len(known) == len(values) and known:
            return texts.either(known)
        first = values[0] if values else None
        return first if all(value == first for value in values) else None

    def _binary(self, node: Node, steps: int) -> Value:
        operator = node.get("operator")
        sign = operator.text if operator is not None else ""
        if sign == "+":
            return texts.joined([self._as_text(side, steps) for side in _summands(node)])
        if sign not in ("||", "??"):
            return None
        left, right = self.value(node.get("left"), steps), self.value(node.get("right"), steps)
        if isinstance(left, Setting) and left.default is None:
            return replace(left, default=right if texts.is_recipe(right) else Anything())
        if isinstance(right, Literal) and right.node.kind in ("object", "array"):
            return left if not right.node.children else None
        return self._either([left, right])

    def _as_text(self, node: Node | None, steps: int) -> Recipe:
        value = self.value(node, steps)
        return value if texts.is_recipe(value) else Anything()

    def bound(self, binding: Binding, steps: int = 0) -> Value:
        """What a name may be, of all that is ever assigned to it."""
        if binding in self._now or binding.name in self.index.unsteady:
            return None
        self._now.add(binding)
        try:
            values = []
            if binding.how == "value":
                values.append(self._at(self.value(binding.node, steps), binding.path, steps))
            elif binding.how == "param":
                values.append(self._at(self._parameter(binding, steps), binding.path, steps))
            elif binding.how == "function":
                values.append(Literal(binding.node))
            elif binding.how == "import":
                values.append(self._imported(binding, steps))
            elif binding.how != "unknown" or binding.path != ("undefined",):
                values.append(None)
            if binding.default is not None:
                default = self.value(binding.default, steps)
                if values and isinstance(values[0], Setting):
                    text = default if texts.is_recipe(default) else Anything()
                    values[0] = replace(values[0], default=text)
                else:
                    values.append(default)
            for node, path in binding.assigned:
                value = None if node is None else self.value(node, steps)
                values.append(self._at(value, path, steps))
            if binding.assigned and not all(texts.is_recipe(value) for value in values):
                return None
            return self._either(values)
        finally:
            self._now.discard(binding)

    def _imported(self, binding: Binding, steps: int) -> Value:
        source, name = binding.path
        return self._either(
            [
                self.value(node, steps)
                for node in self.index.exported(binding.node.module.path, source, name)
            ]
        )

    def _parameter(self, binding: Binding, steps: int) -> Value:
        function = binding.node
        if function is self.handler:
            is_event = binding.index == 0 and not self.index.calls_of(function)
            return Brought(()) if is_event else None
        over = self.index.applied_to(function)
        if over is not None:
            call, method = over
            callee = call.get("function")
            if binding.index or method not in EACH or callee is None:
                return None
            return self._at(self.value(callee.get("object"), steps), ("*",), steps)
        calls = self.index.calls_of(function)
        if not calls:
            return None
        values: list[Value] = []
        for call in calls:
            given = arguments(call)
            if any(arg.kind == "spread_element" for arg in given[: binding.index + 1]):
                return None
            if binding.index < len(given):
                values.append(self.value(given[binding.index], steps))
            elif binding.default is None or binding.path:
                values.append(None)
        return self._either(values) if values else self.value(binding.default, steps)

    def _at(self, value: Value, path: Sequence[str], steps: int) -> Value:
        for name in path:
            value = self.member(value, name, steps)
        return value

    def _member(self, node: Node, steps: int) -> Value:
        base, name = node.get("object"), self.index.member_name(node)
        if base is None:
            return None
        if name is None:
            return texts.last_piece(self.value(base, steps), base, node)
        if base.kind == "this":
            return self._either(
                [self.value(value, steps) for value in self.index.held_by_this(name)]
            )
        if name == "env" and base.text == "process":
            return Environment()
        return self.member(self.value(base, steps), name, steps)

    def member(self, value: Value, name: str, steps: int = 0) -> Value:
        """What a value holds under a name; ``*`` is any element."""
        if isinstance(value, Environment):
            is_set = name in self.index.set_properties or name in ("?", "*")
            return None if is_set else Setting(name)
        if isinstance(value, Brought):
            if name == "?" or name in self.index.set_properties:
                return None
            return Brought((*value.path, "*" if name.isdigit() else name))
        if isinstance(value, Either):
            return self._either([self.member(one, name, steps) for one in value.options])
        if isinstance(value, texts.Pieces):
            return texts.piece(value, name)
        if isinstance(value, texts.ParsedPath):
            return texts.parsed(value, name)
        if isinstance(value, Literal) and value.node.kind == "object":
            return self.held(value.node, name, steps)
        if isinstance(value, Literal) and value.node.kind == "array" and name.isdigit():
            given = value.node.children
            plain = all(one.kind != "spread_element" for one in given)
            return self.value(given[int(name)], steps) if plain and int(name) < len(given) else None
        return None

    def held(self, node: Node, name: str, steps: int = 0) -> Value:
        """What an object literal holds under a name, and what is ever put there."""
        values: list[Value] = []
        for child in reversed(node.children):
            if child.kind == "spread_element":
                inner = self.value(child.children[0] if child.children else None, steps)
                if not isinstance(inner, Literal) or inner.node.kind != "object":
                    return None
                if self.has(inner.node, name) is not False:
                    values.append(self.held(inner.node, name, steps))
                    break
            elif child.kind == "shorthand_property_identifier":
                if child.text == name:
                    values.append(self.value(child, steps))
                    break
            else:
                key = child.get("key") or child.get("name")
                known = property_name(key) if key is not None else None
                if known is None:
                    return None
                if known == name:
                    is_pair = child.kind == "pair"
                    values.append(self.value(child.get("value"), steps) if is_pair else None)
                    break
        if node.parent is not None and node.parent.kind != "arguments":
            values += [
                self.value(one, steps) if one is not None else None
                for one in self.index.set_properties.get(name, ())
            ]
        return self._either(values) if values else None

    def has(self, node: Node, name: str) -> bool | None:
        """Whether an object literal holds a name; None: not known."""
        if name in self.index.set_properties:
            return True
        for child in node.children:
            if child.kind == "shorthand_property_identifier" and child.text == name:
                return True
            key = child.get("key") or child.get("name")
            if child.kind == "spread_element":
                inner = self.value(child.children[0] if child.children else None)
                if not isinstance(inner, Literal) or inner.node.kind != "object":
                    return None
                found = self.has(inner.node, name) if inner.node is not node else None
                if found is not False:
                    return found
            elif key is not None and property_name(key) in (None, name):
                return True if property_name(key) == name else None
        return False

    def _call(self, node: Node, steps: int) -> Value:
        callee = unwrapped(node.get("function"))
        if callee is None:
            return None
        given = arguments(node)
        if callee.kind == "identifier":
            value = [self.value(arg, steps) for arg in given[:1]]
            return texts.of_function(self._function_name(callee), value)
        name = self.index.member_name(callee)
        base = callee.get("object")
        if name is None or base is None:
            return None
        if self.index.is_module(base, "path", "path/posix"):
            return texts.of_path(name, [self.value(arg, steps) for arg in given])
        if self.index.is_module(base, "querystring"):
            return texts.of_function(name, [self.value(arg, steps) for arg in given[:1]])
        of = self.value(base, steps)
        if isinstance(of, (Literal, Each)) or name == "map":
            if name == "map" and given and given[0].kind in FUNCTIONS:
                return Each(given[0])
            return of if name == "filter" else None
        if isinstance(of, Brought) and name in ("filter", "slice", "sort", "reverse"):
            return of if name != "slice" else texts.of_method(of, name, given, self, steps)
        return texts.of_method(of, name, given, self, steps)

    def _function_name(self, callee: Node) -> str:
        binding = callee.scope.find(callee.text)
        if binding is None:
            return callee.text
        if binding.how == "import" and binding.path[0].removeprefix("node:") in (
            "path",
            "querystring",
        ):
            return f"{binding.path[0].removeprefix('node:')}.{binding.path[1]}"
        return ""

    def elements(self, value: Value) -> list[Node] | None:
        """The expressions that a list may hold; None: not known."""
        if isinstance(value, Each):
            return self.index.returned(value.made)
        if not isinstance(value, Literal) or value.node.kind != "array":
            return None
        found = []
        for child in value.node.children:
            if child.kind != "spread_element":
                found.append(child)
                continue
            inner = self.elements(self.value(child.children[0] if child.children else None))
            if inner is None:
                return None
            found += inner
        pushed = self.index.pushed(value.node)
        return None if pushed is None else found + pushed


def _summands(node: Node) -> list[Node | None]:
    """The parts of a sum, however long, from the left."""
    found: list[Node | None] = []
    now: Node | None = node
    while now is not None and now.kind == "binary_expression":
        operator = now.get("operator")
        if operator is None or operator.text != "+":
            break
        found.append(now.get("right"))
        now = unwrapped(now.get("left"))
    return [now, *reversed(found)]


def joined_or_anything(value: Value) -> Recipe:
    """A value as a text."""
    return value if texts.is_recipe(value) else Anything()


__all__ = ["Each", "Environment", "Joined", "Literal", "Value", "Values"]
