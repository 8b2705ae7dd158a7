"""Where the names of a package are used: calls by name, properties, exports.

Names are taken together over the whole package: two functions of one name are taken for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from topology.evidence.code.javascript.package import Package, arguments
from topology.evidence.code.javascript.scopes import patterns, property_name, string
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Module, Node

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
MUTATING = frozenset(
    ["pop", "shift", "push", "unshift", "splice", "reverse", "sort", "fill", "copyWithin"]
)


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


class Index:
    """All uses of names in some modules of a package."""

    def __init__(self, package: Package, modules: Iterable[Module]) -> None:
        self.package, self.modules = package, list(modules)
        self.members: dict[str, list[Node]] = defaultdict(list)
        self.computed: list[Node] = []
        self.taken: dict[str, list[Binding]] = defaultdict(list)
        self.calls: dict[str, list[Node]] = defaultdict(list)
        self.escaped: set[str] = set()
        self.functions: dict[str, list[Node]] = defaultdict(list)
        self.set_properties: dict[str, list[Node | None]] = defaultdict(list)
        self.set_on_this: dict[str, list[Node | None]] = defaultdict(list)
        self.exports: dict[str, dict[str, list[Node]]] = {}
        self.imports: dict[str, list[Binding]] = defaultdict(list)
        self.unsteady: set[str] = set()
        for module in self.modules:
            self._read(module)

    def _read(self, module: Module) -> None:
        for node in module.nodes("member_expression", "subscript_expression"):
            name = self.member_name(node)
            if name is None:
                self.computed.append(node)
            else:
                self.members[name].append(node)
                parent = _outer(node)
                if parent.kind not in ("call_expression", "assignment_expression"):
                    self.escaped.add(name)
        for node in module.nodes("string"):
            text = string(node)
            if text is not None and node.parent is not None and node.parent.kind != "pair":
                self.escaped.add(text)
        for node in module.nodes("call_expression"):
            callee = unwrapped(node.get("function"))
            if callee is None:
                continue
            name = callee.text if callee.kind == "identifier" else self.member_name(callee)
            if name is None:
                continue
            self.calls[name].append(node)
            if name == "assign" and arguments(node):
                self.unsteady.add(arguments(node)[0].text)
        for node in module.nodes("new_expression"):
            callee = unwrapped(node.get("constructor"))
            if callee is not None and callee.kind in ("identifier", "member_expression"):
                name = callee.text if callee.kind == "identifier" else self.member_name(callee)
                self.calls[f"new {name}"].append(node)
        for node in module.nodes(*sorted(FUNCTIONS)):
            name = function_name(node)
            if name is not None:
                self.functions[name].append(node)
        for node in module.nodes(
            "assignment_expression", "augmented_assignment_expression", "update_expression"
        ):
            self._assigned(node)
        for node in module.nodes("public_field_definition", "field_definition"):
            key = node.get("name") or node.get("property")
            if key is not None:
                name = property_name(key) or "?"
                if node.get("value") is not None:
                    self.set_on_this[name].append(node.get("value"))
        for node in module.nodes("required_parameter", "optional_parameter"):
            if any(c.kind in ("accessibility_modifier", "readonly") for c in node.children):
                inner = node.get("pattern")
                if inner is not None:
                    self.set_on_this[inner.text].append(inner)
        self._uses(module)
        self.exports[module.path] = self._exports(module)

    def _assigned(self, node: Node) -> None:
        left = node.get("left") or node.get("argument")
        if left is None or left.kind not in ("member_expression", "subscript_expression"):
            return
        value = node.get("right") if node.kind == "assignment_expression" else None
        base, name = left.get("object"), self.member_name(left)
        if base is None:
            return
        if name is None:
            self.unsteady.add(base.text)
        elif base.kind == "this":
            self.set_on_this[name].append(value)
        elif base.text not in ("exports", "module.exports", "module"):
            self.set_properties[name].append(value)

    def _uses(self, module: Module) -> None:
        seen: set[Binding] = set()
        scopes = {node.scope for nodes in module.by_kind.values() for node in nodes}
        for scope in scopes | {module.top}:
            for binding in scope.names.values():
                if binding in seen:
                    continue
                seen.add(binding)
                if binding.how == "import":
                    self.imports[binding.path[1]].append(binding)
                    if binding.path[1] not in ("*", "default", binding.name):
                        self.escaped.add(binding.path[1])
                if binding.path:
                    self.taken[binding.path[-1]].append(binding)
                    if binding.how != "import" and binding.path[-1] != binding.name:
                        self.escaped.add(binding.path[-1])
                for use in binding.uses:
                    outer = _outer(use)
                    is_callee = use.field in ("function", "constructor") or (
                        outer.kind in ("call_expression",) and use.field == "function"
                    )
                    alias = outer.get("alias") if outer.kind == "export_specifier" else None
                    fine = outer.kind in ("export_specifier", "export_statement") or (
                        use.kind == "shorthand_property_identifier"
                    )
                    is_exported = outer.kind == "assignment_expression" and _exporting(outer)
                    if not is_callee and (not fine or alias is not None) and not is_exported:
                        self.escaped.add(binding.name)

    def member_name(self, node: Node) -> str | None:
        """The property that a member expression means; None: it is computed."""
        if node.kind == "member_expression":
            name = node.get("property")
            return name.text if name is not None else None
        if node.kind == "subscript_expression":
            index = node.get("index")
            if index is not None and index.kind in ("string", "number"):
                return property_name(index)
        return None

    def _exports(self, module: Module) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = defaultdict(list)
        for node in module.nodes("export_statement"):
            declared, value = node.get("declaration"), node.get("value")
            is_default = b" default" in module.source[node.start : node.start + 20]
            if value is not None:
                found["default" if is_default else "*"].append(value)
            for child in (declared,) if declared is not None else ():
                name = child.get("name")
                if name is not None:
                    found["default" if is_default else name.text].append(child)
                for one in child.children:
                    target = one.get("name") if one.kind == "variable_declarator" else None
                    if target is not None:
                        for leaf, _, _ in patterns(target, ()):
                            found[leaf.text].append(leaf)
        for node in module.nodes("export_specifier"):
            name, alias = node.get("name"), node.get("alias")
            statement = node.parent.parent if node.parent is not None else None
            if name is not None and (statement is None or statement.get("source") is None):
                found[(alias or name).text].append(name)
        for node in module.nodes("assignment_expression"):
            left, right = node.get("left"), node.get("right")
            if left is None or right is None:
                continue
            base, member = left.get("object"), self.member_name(left)
            if left.text == "module.exports":
                found["*"].append(right)
                found["default"].append(right)
                if right.kind == "object":
                    self._object_exports(right, found)
            elif base is not None and member and base.text in ("exports", "module.exports"):
                found[member].append(right)
        for node in module.nodes("call_expression"):  # a bundler's __export(x, {name: () => y})
            for given in arguments(node)[1:2]:
                if given.kind == "object" and given.children:
                    for pair in given.children:
                        made = pair.get("value") if pair.kind == "pair" else None
                        key = pair.get("key")
                        if made is not None and made.kind == "arrow_function" and key is not None:
                            body = made.get("body")
                            word = property_name(key)
                            if body is not None and body.kind == "identifier" and word:
                                found[word].append(body)
        return found

    def _object_exports(self, node: Node, found: dict[str, list[Node]]) -> None:
        for child in node.children:
            key = child.get("key") or child.get("name")
            if child.kind == "shorthand_property_identifier":
                if child.scope.find(child.text) is not None:
                    found[child.text].append(child)
            elif key is not None and (name := property_name(key)):
                found[name].append(child.get("value") or child)

    def exported(self, importer: str, source: str, name: str) -> list[Node]:
        """The expressions that a module exports under a name; empty: not known."""
        path = self.package.resolve(importer, source)
        return list(self.exports.get(path or "", {}).get(name, ()))

    def calls_of(self, function: Node) -> list[Node]:
        """All calls of a function; empty: none, or not all of them are known."""
        name = function_name(function)
        if name == "constructor":
            owner = function.parent.parent if function.parent is not None else None
            called = owner.get("name") if owner is not None else None
            return self.calls.get(f"new {called.text}", []) if called is not None else []
        if name is None or name in self.escaped:
            return []
        if any(_outer(node).kind == "call_expression" for node in self.computed):
            return []
        return self.calls.get(name, [])

    def applied_to(self, function: Node) -> tuple[Node, str] | None:
        """The call that a function is written in as first argument, and the method's name."""
        given = function.parent
        call = given.parent if given is not None and given.kind == "arguments" else None
        if call is None or given is None or given.children[0] is not function:
            return None
        callee = call.get("function")
        return (call, self.member_name(callee) or "") if callee is not None else None

    def held_by_this(self, name: str) -> list[Node | None]:
        """All that is ever put into a property of this name."""
        if "this" in self.unsteady:
            return [None]
        return [*self.set_on_this.get(name, ()), *self.set_properties.get(name, ())] or [None]

    def is_module(self, node: Node, *wanted: str) -> bool:
        """Whether a name is one of Node's modules, imported or required."""
        binding = node.scope.find(node.text) if node.kind == "identifier" else None
        if binding is None:
            return False
        if binding.how == "import":
            return binding.path[0].removeprefix("node:") in wanted
        call = unwrapped(binding.node) if binding.how == "value" and not binding.path else None
        if call is None or call.kind != "call_expression":
            return False
        given = arguments(call)
        if given and given[0].kind == "call_expression":  # an interop helper around it
            given = arguments(given[0])
        text = string(given[0]) if given and given[0].kind == "string" else None
        return text is not None and text.removeprefix("node:") in wanted

    def returned(self, function: Node) -> list[Node]:
        """All expressions that a function returns."""
        body = unwrapped(function.get("body"))
        if body is None:
            return []
        if body.kind != "statement_block":
            return [body]
        found, waiting = [], list(body.children)
        while waiting:
            node = waiting.pop()
            if node.kind == "return_statement":
                found += node.children[:1]
            elif node.kind not in FUNCTIONS:
                waiting += node.children
        return found

    def pushed(self, node: Node) -> list[Node] | None:
        """What is pushed into a list after it was written; None: not all of it is known."""
        declarator = node.parent
        name = declarator.get("name") if declarator is not None else None
        if declarator is None or declarator.kind != "variable_declarator" or name is None:
            return []
        binding = name.scope.find(name.text)
        found: list[Node] = []
        for use in binding.uses if binding is not None else ():
            member = use.parent
            if member is None or member.kind != "member_expression":
                if member is not None and member.kind == "arguments":
                    return None
                continue
            method = self.member_name(member)
            if method == "push" and member.parent is not None:
                found += arguments(member.parent)
            elif method in MUTATING:
                return None
        return found


def function_name(node: Node) -> str | None:
    """The name that a function is called by, of itself, its variable or its property."""
    own = node.get("name")
    if own is not None:
        return property_name(own) or own.text
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
    if holder.kind == "assignment_expression":
        left = holder.get("left")
        if left is not None and left.kind == "member_expression":
            name = left.get("property")
            return name.text if name is not None else None
        return left.text if left is not None and left.kind == "identifier" else None
    return None


def _outer(node: Node) -> Node:
    parent = node.parent
    while parent is not None and parent.kind in WRAPPING:
        parent = parent.parent
    return parent if parent is not None else node


def _exporting(node: Node) -> bool:
    left = node.get("left")
    return left is not None and left.text.startswith(("exports.", "module.exports"))
