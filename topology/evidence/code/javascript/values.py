"""What an expression may be, followed back through names, parameters and objects.

Nothing is executed; what is not understood is None, and as a text ``Anything``. What is told is
never less than the truth: an object that something unknown may have changed is not told of.

Source: https://tc39.es/ecma262/#sec-ecmascript-language-expressions
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from topology.evidence.code.javascript import calls, lists, paths, texts
from topology.evidence.code.javascript.event import Event
from topology.evidence.code.javascript.expressions import (
    member_name,
    parameters,
    positions,
    string,
    summands,
    unescaped,
    unwrapped,
    whole,
)
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.index import Index
from topology.evidence.code.javascript.kinds import (
    Count,
    Each,
    Environment,
    Literal,
    ParsedPath,
    Pieces,
    Value,
)
from topology.evidence.code.javascript.objects import Objects
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Node
from topology.evidence.code.texts import either, is_recipe, joined
from topology.sets.recipes import (
    Anything,
    Brought,
    Either,
    Known,
    Recipe,
    Setting,
)

MAX_STEPS = 40
MAX_WORK = 400_000
EACH = frozenset(["map", "forEach", "filter", "flatMap", "find", "some", "every"])
WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")


class Values:
    """Values of the expressions of a package.

    ``handler`` is the function that gets the event, ``sent`` the calls that are requests of AWS.
    """

    def __init__(self, index: Index, handler: Node | None, sent: Collection[Node] = ()) -> None:
        self.index, self.handler, self.sent = index, handler, sent
        self.event = Event(index, handler)
        self.objects = Objects(self)
        self._now: set[object] = set()
        self._work = 0

    def text(self, node: Node | None) -> Recipe:
        """The text an expression makes."""
        value = self.value(node)
        return value if is_recipe(value) else Anything()

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
            return Count(node.text) if WHOLE_NUMBER.fullmatch(node.text) else None
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
            return self.either(
                [self.value(node.get(side), steps) for side in ("consequence", "alternative")]
            )
        if kind == "call_expression":
            return calls.made(self, node, steps)
        return None

    def _template(self, node: Node, steps: int) -> Value:
        parts: list[Recipe] = []
        for child in node.children:
            if child.kind == "template_substitution":
                inner = self.value(child.children[0] if child.children else None, steps)
                parts.append(texts.as_text(inner))
            elif child.kind == "escape_sequence":
                text = unescaped(child.text)
                parts.append(Anything() if text is None else Known(text))
            else:
                parts.append(Known(child.text.replace("\r\n", "\n")))
        return _whole(joined(parts))

    def either(self, values: Sequence[Value]) -> Value:
        known = [value for value in values if is_recipe(value)]
        if len(known) == len(values) and known:
            return either(known)
        first = values[0] if values else None
        return first if all(value == first for value in values) else None

    def _binary(self, node: Node, steps: int) -> Value:
        operator = node.get("operator")
        sign = operator.text if operator is not None else ""
        if sign == "+":
            return self._sum([self.value(side, steps) for side in summands(node)])
        if sign not in ("||", "??"):
            return None
        left, right = self.value(node.get("left"), steps), self.value(node.get("right"), steps)
        if isinstance(left, Setting) and left.default is None:
            return replace(left, default=texts.as_text(right))
        if isinstance(right, Literal) and right.node.kind in ("object", "array"):
            return left if not right.node.children else None
        return self.either([left, right])

    def _sum(self, values: Sequence[Value]) -> Value:
        """Texts one after the other; until one surely is a text, what is added may be numbers."""
        first, *others = values
        found, is_text = texts.as_text(first), texts.is_surely_text(first)
        for value in others:
            is_text = is_text or texts.is_surely_text(value)
            found = joined([found, texts.as_text(value)]) if is_text else Anything()
        return found

    def bound(self, binding: Binding, steps: int = 0) -> Value:
        """What a name may be, of all that is ever assigned to it."""
        if binding in self._now:
            return None
        self._now.add(binding)
        try:
            values = []
            if binding.how == "value":
                inner = None if _is_unset(binding) else self.value(binding.node, steps)
                if not _is_unset(binding):
                    values.append(self._at(inner, binding.path, steps))
            elif binding.how == "param":
                values.append(self._at(self._parameter(binding, steps), binding.path, steps))
            elif binding.how == "function":
                values.append(Literal(binding.node))
            elif binding.how == "import":
                values.append(self._imported(binding, steps))
            elif not _is_unset(binding):
                values.append(None)
            if binding.default is not None:
                default = self.value(binding.default, steps)
                if values and isinstance(values[0], Setting):
                    values[0] = replace(values[0], default=texts.as_text(default))
                else:
                    values.append(default)
            for node, path in binding.assigned:
                value = None if node is None else self.value(node, steps)
                values.append(self._at(value, path, steps))
            if binding.assigned and not all(is_recipe(value) for value in values):
                return None
            if _is_unset(binding):  # until something is assigned
                values.append(Known("undefined"))
            return self._kept(binding, self.either(values))
        finally:
            self._now.discard(binding)

    def _kept(self, binding: Binding, value: Value) -> Value:
        """A value, unless it is a list that something changes after it was made."""
        if isinstance(value, Literal):
            is_list, may_grow = value.node.kind == "array", True
        else:
            is_list, may_grow = isinstance(value, Each | Pieces), False
        if not is_list or lists.is_kept(binding, self.index.changes, may_grow):
            return value
        return None

    def _imported(self, binding: Binding, steps: int) -> Value:
        source, name = binding.path
        changes = self.index.changes
        if name in changes.set_properties or changes.are_exports_loose:
            return None
        found = self.index.exported(binding.node.module.path, source, name)
        return self.either([self.value(node, steps) for node in found])

    def _parameter(self, binding: Binding, steps: int) -> Value:
        function = binding.node
        if function is self.handler:
            is_event = binding.index == 0 and self.index.is_only_exported(function)
            return Brought(()) if is_event and _is_plain(function) else None
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
        return self.either(values) if values else self.value(binding.default, steps)

    def _at(self, value: Value, path: Sequence[str], steps: int) -> Value:
        for name in path:
            value = self.member(value, name, steps)
        return value

    def _member(self, node: Node, steps: int) -> Value:
        base, name = node.get("object"), member_name(node)
        if base is None:
            return None
        if name is None:
            return self._element(self.value(base, steps), base, node)
        if base.kind == "this":
            return self.either(
                [self.value(each, steps) for each in self.objects.of_this(node, name)]
            )
        if name == "env" and _is_global(base, "process"):
            return Environment()
        return self.member(self.value(base, steps), name, steps)

    def _element(self, of: Value, base: Node, node: Node) -> Value:
        """An element whose number is made at run time."""
        if isinstance(of, Brought) and of.path == ("Records",):
            return self.member(of, "*")
        return texts.last_piece(of, base, node) if isinstance(of, Pieces) else None

    def member(self, value: Value, name: str, steps: int = 0) -> Value:
        """What a value holds under a name; ``*`` is any element."""
        changes = self.index.changes
        match value:
            case Environment():
                is_told = name not in ("?", "*") and name not in changes.set_properties
                return Setting(name) if is_told and not changes.is_env_loose else None
            case Brought(path):
                if name == "?" or name in changes.set_properties or self.event.is_unsure:
                    return None
                return Brought((*path, "*" if name.isdigit() else name))
            case Either(options):
                return self.either([self.member(one, name, steps) for one in options])
            case Pieces():
                return texts.piece(value, name)
            case ParsedPath():
                return None if name in changes.set_properties else paths.parsed(value, name)
            case Literal(node) if node.kind == "object":
                return self.objects.held(node, name, steps)
            case Literal(node) if node.kind == "array" and name.isdigit():
                return self._at_place(node, name, steps)
        return None

    def _at_place(self, array: Node, name: str, steps: int) -> Value:
        found = [child for child, place in positions(array) if place == name]
        if not found or name in self.index.changes.set_properties:
            return None
        return None if array in self.index.changes.unsteady else self.value(found[0], steps)


def _whole(recipe: Recipe) -> Recipe:
    """Halves of characters put together, as the parts of a template may be."""
    if isinstance(recipe, Known):
        text = whole(recipe.text)
        return Anything() if text is None else Known(text)
    return recipe


def _is_unset(binding: Binding) -> bool:
    return binding.path == ("undefined",) and binding.how in ("value", "unknown")


def _is_plain(function: Node) -> bool:
    """Whether what a function is given is not changed behind its parameters' names."""
    source = function.module.source[function.start : function.end]
    return b"arguments" not in source and bool(parameters(function))


def _is_global(node: Node, name: str) -> bool:
    return node.kind == "identifier" and node.text == name and node.scope.find(name) is None
