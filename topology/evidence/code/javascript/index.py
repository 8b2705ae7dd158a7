"""Where the names of a package are used: calls by name, properties, exports.

Names are taken together over the whole package: two functions of one name are taken for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from topology.evidence.code.javascript import exports
from topology.evidence.code.javascript.changes import Changes
from topology.evidence.code.javascript.expressions import (
    member_name,
    outer_of,
    string,
    unwrapped,
)
from topology.evidence.code.javascript.imports import arguments, is_interop, requires
from topology.evidence.code.javascript.package import Package
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Module, Node
from topology.evidence.code.javascript.uses import (
    arguments_are_told,
    called_name,
    declared_for,
    function_name,
    is_built_or_exported,
    is_called_elsewhere,
    is_callee,
    is_exported,
    is_exporting,
    is_only_called,
)

# Methods that a runtime calls of whatever has them.
CALLED_ANYWAY = frozenset(
    ["then", "toJSON", "toString", "valueOf", "next", "return", "handleEvent"]
)


class Index:
    """All uses of names in some modules of a package."""

    def __init__(self, package: Package, modules: Iterable[Module]) -> None:
        self.package, self.modules = package, list(modules)
        self.members: dict[str, list[Node]] = defaultdict(list)
        self.computed: list[Node] = []
        self.taken: dict[str, list[Binding]] = defaultdict(list)
        self.calls: dict[str, list[Node]] = defaultdict(list)
        self.has_computed_calls = False
        self.escaped: set[str] = set(CALLED_ANYWAY)
        self.functions: dict[str, list[Node]] = defaultdict(list)
        self.changes = Changes()
        self.exports: dict[str, dict[str, list[Node]]] = {}
        self.imports: dict[str, list[Binding]] = defaultdict(list)
        for module in self.modules:
            self._read(module)

    def _read(self, module: Module) -> None:
        self.changes.read(module)
        self._members(module)
        self._calls(module)
        for node in module.nodes(*sorted(FUNCTIONS)):
            name = function_name(node)
            if name is not None:
                self.functions[name].append(node)
                if is_called_elsewhere(node):
                    self.escaped.add(name)
        for scope in module.scopes:
            for binding in scope.names.values():
                self._binding(binding)
        self.exports[module.path] = exports.of(module)

    def _members(self, module: Module) -> None:
        for node in module.nodes("member_expression", "subscript_expression"):
            name, outer = member_name(node), outer_of(node)
            is_called = outer.kind == "call_expression" and is_callee(node)
            if name is None:
                self.computed.append(node)
                self.has_computed_calls = self.has_computed_calls or is_called
                continue
            self.members[name].append(node)
            is_set = outer.kind == "assignment_expression" and node.field == "left"
            if not is_called and not is_set:
                self.escaped.add(name)
        for node in module.nodes("string", "template_string"):
            text = string(node)
            if text is not None and node.parent is not None and node.parent.kind != "pair":
                self.escaped.add(text)

    def _calls(self, module: Module) -> None:
        for node in module.nodes("call_expression", "new_expression"):
            field = "function" if node.kind == "call_expression" else "constructor"
            callee = unwrapped(node.get(field))
            name = None if callee is None else called_name(callee)
            if name is not None and field == "function":
                self.calls[name].append(node)
            elif name is not None:
                self.calls[f"new {name}"].append(node)
                self.escaped.add(name)  # as a function; of classes see calls_of
            if field == "function" and node.get("arguments") is not None and name is not None:
                given = node.get("arguments")
                if given is not None and given.kind != "arguments":
                    self.escaped.add(name)  # the tag of a template

    def _binding(self, binding: Binding) -> None:
        name = binding.name
        if binding.how == "import":
            self.imports[binding.path[1]].append(binding)
            if binding.path[1] not in ("*", "default", name):
                self.escaped.add(binding.path[1])
            if binding.path[1] == "default":
                self.escaped.add("default")
        if binding.path:
            self.taken[binding.path[-1]].append(binding)
            if binding.how != "import" and binding.path[-1] != name:
                self.escaped.add(binding.path[-1])
        if not all(map(is_only_called, binding.uses)):
            self.escaped.add(name)

    def exported(self, importer: str, source: str, name: str) -> list[Node]:
        """The expressions that a module exports under a name; empty: not known."""
        path = self.package.resolve(importer, source)
        return list(self.exports.get(path or "", {}).get(name, ()))

    def calls_of(self, function: Node) -> list[Node]:
        """All calls of a function; empty: none, or not all of them are known."""
        name = function_name(function)
        if name == "constructor":
            return self._built(function)
        if name is None or b"arguments" in function.module.source[function.start : function.end]:
            return []
        binding = declared_for(function, name)
        if binding is not None and all(map(is_callee, binding.uses)) and not is_exported(function):
            calls = [outer_of(use) for use in binding.uses]
            is_told = not binding.assigned and all(map(arguments_are_told, calls))
            return calls if is_told else []
        if name in self.escaped or self.has_computed_calls:
            return []
        return self.calls.get(name, [])

    def _built(self, function: Node) -> list[Node]:
        """Every ``new`` of a class that nothing extends and that goes nowhere else."""
        owner = function.parent.parent if function.parent is not None else None
        called = owner.get("name") if owner is not None else None
        if owner is None or called is None or owner.kind == "class":
            return []
        binding = owner.scope.find(called.text)
        uses = binding.uses if binding is not None else []
        if binding is None or binding.assigned or not all(map(is_built_or_exported, uses)):
            return []
        imported = self.imports.get(called.text, ())
        if not all(map(is_built_or_exported, (use for one in imported for use in one.uses))):
            return []
        return self.calls.get(f"new {called.text}", [])

    def is_only_exported(self, function: Node) -> bool:
        """Whether nothing in the package calls a function, or hands it on."""
        name = function_name(function)
        if name is None:
            return function.parent is not None and function.parent.kind == "export_statement"
        binding = function.scope.outer.find(name) if function.scope.outer is not None else None
        is_bound = binding is not None and binding.node is not function.parent
        uses = binding.uses if binding is not None and is_bound else []
        if self.imports.get(name) or any(map(_is_of_module, self.taken.get(name, ()))):
            return False
        members = self.members.get(name, ())
        return all(map(is_exporting, uses)) and not any(map(_is_used, members))

    def applied_to(self, function: Node) -> tuple[Node, str] | None:
        """The call that a function is written in as first argument, and the method's name."""
        given = function.parent
        call = given.parent if given is not None and given.kind == "arguments" else None
        if call is None or given is None or given.children[0] is not function:
            return None
        callee = call.get("function")
        return (call, member_name(callee) or "") if callee is not None else None

    def is_module(self, node: Node, *wanted: str) -> bool:
        """Whether a name is one of Node's modules, imported or required."""
        if node.kind == "member_expression" and member_name(node) in ("posix", "default"):
            base = node.get("object")
            return base is not None and self.is_module(base, *wanted)
        binding = node.scope.find(node.text) if node.kind == "identifier" else None
        if binding is None or binding.assigned:
            return False
        if binding.how == "import":
            return binding.path[0].removeprefix("node:") in wanted
        call = unwrapped(binding.node) if binding.how == "value" and not binding.path else None
        if call is None or call.kind != "call_expression":
            return False
        given = arguments(call)
        callee = unwrapped(call.get("function"))
        if given and given[0].kind == "call_expression" and callee is not None:
            given = arguments(given[0]) if is_interop(callee) else []
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


def _is_of_module(binding: Binding) -> bool:
    """``const { handler } = require("./index")``."""
    call = unwrapped(binding.node) if binding.how == "value" else None
    callee = call.get("function") if call is not None and call.kind == "call_expression" else None
    return callee is not None and (callee.kind == "import" or requires(callee))


def _is_used(member: Node) -> bool:
    """Whether ``x.handler`` is called, or read off what a module exports."""
    if is_callee(member):
        return True
    base = member.get("object")
    is_exports = base is not None and base.end - base.start < 20
    is_exports = is_exports and base is not None and base.text in ("exports", "module.exports")
    return is_exports and member.field != "left"
