"""What may change an object, or hold under a name, after it was written down.

Names are taken together over the whole package: whatever is put under ``x.Key`` anywhere may be
what ``y.Key`` holds. A write whose name is made at run time may change every object that it could
be about, unless it is one that was made right there.

Source: https://tc39.es/ecma262/#sec-assignment-operators
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from topology.evidence.code.javascript.expressions import (
    member_name,
    property_name,
    string,
    unwrapped,
)
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.modules import words
from topology.evidence.code.javascript.syntax import FUNCTIONS, Module, Node

MUTATING = words(
    """
    pop shift push unshift splice reverse sort fill copyWithin
    """
)
FRESH = frozenset(["object", "array", "new_expression", "null", "undefined"])
DEFINING = frozenset(
    ["assign", "defineProperty", "defineProperties", "setPrototypeOf", "set", "deleteProperty"]
)
# What TypeScript and esbuild write above a module, to hand on what others export as it is.
HELPERS = words(
    """
    __createBinding __setModuleDefault __importStar __exportStar __export __copyProps
    __reExport __toESM __toCommonJS __defNormalProp
    """
)


class Changes:
    """All that is put under names in some modules."""

    def __init__(self) -> None:
        self.set_properties: dict[str, list[Node | None]] = defaultdict(list)
        self.set_on_this: dict[str, list[Node | None]] = defaultdict(list)
        self.pairs: dict[str, list[Node | None]] = defaultdict(list)
        self.accessors: set[str] = set()
        self.mutated: set[str] = set()  # names of members that hold lists which are changed
        self.unsteady: set[Node] = set()  # literals that get properties of unknown names
        self.mutated_unknown = False  # a list that nothing is known of is changed
        self.is_loose = False  # any object may get any property
        self.is_env_loose = False
        self.are_exports_loose = False
        self.is_this_loose = False

    def read(self, module: Module) -> None:
        """Note everything that a module puts anywhere."""
        for node in module.nodes(
            "assignment_expression", "augmented_assignment_expression", "update_expression"
        ):
            left = unwrapped(node.get("left") or node.get("argument"))
            plain = node.kind == "assignment_expression"
            self._written(left, node.get("right") if plain else None)
        for node in module.nodes("for_in_statement"):
            if node.get("kind") is None:
                self._written(unwrapped(node.get("left")), None)
        for node in module.nodes("unary_expression"):
            operator = node.get("operator")
            if operator is not None and operator.text == "delete":
                self._written(unwrapped(node.get("argument")), None)
        self._fields(module)
        self._pairs(module)
        for node in module.nodes("call_expression"):
            self._called(node)

    def may_hold(self, name: str) -> list[Node | None]:
        """All that is ever put under a name of an object that was not written as ``{…}``."""
        return [*self.set_on_this.get(name, ()), *self.set_properties.get(name, ())]

    def _written(self, left: Node | None, value: Node | None) -> None:
        if left is None:
            return
        if left.kind in ("object_pattern", "array_pattern"):
            for target in members_in(left):
                self._written(target, None)
            return
        if left.kind not in ("member_expression", "subscript_expression"):
            return
        base, name = unwrapped(left.get("object")), member_name(left)
        if base is None:
            return
        if name is None:
            if not _is_in_helper(left):
                self._loosened(base)
        elif _is_exports(base):
            return  # of which exports tells
        elif base.kind == "this":
            self.set_on_this[name].append(value)
        else:
            self.set_properties[name].append(value)

    def _loosened(self, base: Node) -> None:
        """A property is set under a name that is made at run time."""
        if base.kind == "this" or _is_exports(base):
            self.is_this_loose = self.is_this_loose or base.kind == "this"
            self.are_exports_loose = self.are_exports_loose or base.kind != "this"
            return
        made = fresh(base)
        if _is_environment(base):
            self.is_env_loose = True
        elif made is None:
            self.is_loose = True
        else:
            self.unsteady.update(made)
            if any(map(_is_of_own_class, made)):
                self.is_this_loose = True

    def _fields(self, module: Module) -> None:
        for node in module.nodes("public_field_definition", "field_definition"):
            key, value = node.get("name") or node.get("property"), node.get("value")
            name = property_name(key) if key is not None else None
            if name is None:
                self.is_this_loose = True
            elif value is not None:
                self.set_on_this[name].append(value)
        for node in module.nodes("required_parameter", "optional_parameter"):
            inner = node.get("pattern")
            if inner is not None and is_property(node):
                self.set_on_this[inner.text].append(inner)

    def _pairs(self, module: Module) -> None:
        for node in module.nodes("pair"):
            key = node.get("key")
            name = property_name(key) if key is not None else None
            if name is not None:
                self.pairs[name].append(node.get("value"))
        for node in module.nodes("shorthand_property_identifier"):
            self.pairs[node.text].append(node)
        for node in module.nodes("method_definition"):
            key = node.get("name")
            name = property_name(key) if key is not None else None
            head = module.source[node.start : key.start if key is not None else node.start].split()
            if name is not None:
                self.pairs[name].append(node)
                if {b"get", b"set"} & set(head):
                    self.accessors.add(name)

    def _called(self, node: Node) -> None:
        callee = unwrapped(node.get("function"))
        if callee is None:
            return
        name = member_name(callee)
        if name is None and callee.kind == "identifier":
            name = _alias_of(callee)
        elif name in MUTATING:
            held = unwrapped(callee.get("object"))
            inner = member_name(held) if held is not None else None
            if inner is not None:
                self.mutated.add(inner)
            if held is None or fresh(held) is None:
                self.mutated_unknown = True
        elif name not in DEFINING or not _is_of_objects(callee):
            return
        if name in DEFINING:
            self._defined(node, name)

    def _defined(self, node: Node, how: str) -> None:
        given = arguments(node)
        base = unwrapped(given[0]) if given else None
        if base is None or base.kind == "object" or _is_in_helper(node):
            return
        put = [_assigned(one) if one.kind == "object" else None for one in given[1:]]
        if how == "assign" and None not in put:
            for name, value in (pair for pairs in put for pair in pairs or ()):
                self.set_properties[name].append(value)
        elif how == "defineProperty" and (defined := first_text(given[1:2])) is not None:
            self.set_properties[defined].append(None)
        else:
            self._loosened(base)


def _is_of_own_class(made: Node) -> bool:
    """Whether an object is of a class that the package declares."""
    builder = made.get("constructor") if made.kind == "new_expression" else None
    if builder is None:
        return False
    return builder.kind != "identifier" or builder.scope.find(builder.text) is not None


def first_text(given: list[Node]) -> str | None:
    """The text that the first of some arguments is."""
    return string(given[0]) if given and given[0].kind == "string" else None


def fresh(base: Node) -> list[Node] | None:
    """The literals that a name stands for, if it was made right here and is nothing else."""
    binding = base.scope.find(base.text) if base.kind == "identifier" else None
    if binding is None or binding.how != "value" or binding.path not in ((), ("undefined",)):
        return None
    values = [unwrapped(node) for node, _ in binding.assigned]
    if not binding.path:
        values.append(unwrapped(binding.node))
    if any(value is None or value.kind not in FRESH for value in values):
        return None
    return [value for value in values if value is not None]


def is_property(parameter: Node) -> bool:
    """Whether a constructor's parameter becomes a property, as TypeScript lets it."""
    return any(c.kind in ("accessibility_modifier", "readonly") for c in parameter.children) or (
        parameter.module.source[parameter.start : parameter.end].startswith(b"readonly ")
    )


def _is_environment(base: Node) -> bool:
    return base.end - base.start < 20 and base.text in ("process.env", "env")


def members_in(pattern: Node) -> Iterator[Node]:
    """The properties that a pattern puts what it takes into."""
    waiting = [pattern]
    while waiting:
        node = waiting.pop()
        if node.kind in ("member_expression", "subscript_expression"):
            yield node
        elif node.kind not in FUNCTIONS:
            waiting += node.children


def _is_exports(base: Node) -> bool:
    return base.end - base.start < 20 and base.text in ("exports", "module.exports", "module")


def _alias_of(callee: Node) -> str | None:
    """The method of ``Object`` that a bundler keeps under a name of its own."""
    binding = callee.scope.find(callee.text)
    value = unwrapped(binding.node) if binding is not None and binding.how == "value" else None
    if value is None or value.kind != "member_expression" or not _is_of_objects(value):
        return None
    return member_name(value)


def _is_of_objects(callee: Node) -> bool:
    base = callee.get("object")
    return base is not None and base.kind == "identifier" and base.text in ("Object", "Reflect")


def _assigned(literal: Node) -> list[tuple[str, Node | None]] | None:
    found: list[tuple[str, Node | None]] = []
    for child in literal.children:
        key = child.get("key") or child.get("name")
        name = child.text if child.kind == "shorthand_property_identifier" else None
        name = name or (property_name(key) if key is not None else None)
        if name is None:
            return None
        value = child.get("value") if child.kind == "pair" else child
        found.append((name, value))
    return found


def _is_in_helper(node: Node) -> bool:
    """Whether it hands on what is exported: under the same name, as a bundler writes it."""
    given = arguments(node)
    if len(given) == 3 and given[2].kind == "object":
        getter = next((c for c in given[2].children if _key(c) == "get"), None)
        value = getter.get("value") if getter is not None else None
        body = unwrapped(value.get("body")) if value is not None and value.get("body") else value
        if body is not None and body.kind == "subscript_expression":
            index = body.get("index")
            return index is not None and index.text == given[1].text
    holder: Node | None = node
    while holder is not None:
        if holder.kind in ("variable_declarator", "function_declaration"):
            name = holder.get("name")
            if name is not None and name.text in HELPERS:
                return True
        holder = holder.parent
    return False


def _key(node: Node) -> str | None:
    key = node.get("key") or node.get("name")
    return property_name(key) if key is not None else None
