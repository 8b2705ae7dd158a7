"""What a module imports, by whichever of JavaScript's ways, where it says so by a literal.

Source: https://nodejs.org/api/modules.html#requireid
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from topology.evidence.code.javascript.expressions import LITERALS, member_name, string
from topology.evidence.code.javascript.modules import bare
from topology.evidence.code.javascript.resolving import TYPED
from topology.evidence.code.javascript.syntax import Binding, Module, Node

OF_TYPES = re.compile(rb"(?:im|ex)port\s+type\b(?!\s*(?:from\b|,|=))")
SHIM = "Dynamic require of"  # what a bundler's own ``require`` says where there is none


def imports(module: Module) -> Iterator[tuple[Node, str]]:
    """Every import by a literal and the module that it names; imports of types are none."""
    for node in module.nodes("import_statement", "export_statement"):
        source = source_of(node)
        named = string(source) if source is not None else None
        if named is not None and not _is_of_types(node):
            yield node, named
    for node in module.nodes("call_expression"):
        callee = node.get("function")
        if callee is not None and (callee.kind == "import" or requires(callee)):
            named = first_literal(node)
            if named is not None:
                yield node, named


def source_of(statement: Node) -> Node | None:
    """The text after ``from``, or in TypeScript's ``import x = require("x")``."""
    clause = next((c for c in statement.children if c.kind == "import_require_clause"), statement)
    return clause.get("source")


def _is_of_types(node: Node) -> bool:
    """``import type { A } from "x"``, and not JavaScript's ``import type from "x"``."""
    head = node.module.source[node.start : node.start + 60]
    return node.module.path.endswith(TYPED) and OF_TYPES.match(head) is not None


def first_literal(call: Node) -> str | None:
    """The text that a call's first argument is, if it is one."""
    given = arguments(call)
    return string(given[0]) if given and given[0].kind in LITERALS else None


def arguments(call: Node) -> list[Node]:
    """The arguments of a call or of ``new``; a template that is tagged has none that are told."""
    given = call.get("arguments")
    return given.children if given is not None and given.kind == "arguments" else []


def requires(callee: Node) -> bool:
    """Whether a callee is ``require``, ``module.require``, or made to be like it."""
    if callee.kind == "member_expression":
        base, name = callee.get("object"), callee.get("property")
        is_require = name is not None and name.text == "require"
        return is_require and base is not None and base.kind == "identifier" and is_module(base)
    if callee.kind != "identifier":
        return False
    binding = callee.scope.find(callee.text)
    return callee.text == "require" if binding is None else is_made_to_require(binding)


def is_module(node: Node) -> bool:
    """Whether a name is CommonJS's ``module``."""
    return node.text == "module" and node.scope.find("module") is None


def is_made_to_require(binding: Binding) -> bool:
    """Whether a name is a ``require`` that a bundler or ``createRequire`` makes."""
    value = binding.node
    if binding.how != "value" or binding.path or binding.assigned:
        return False
    if value.kind != "call_expression" or value.end - value.start > 2_000:
        return False
    callee = value.get("function")
    if callee is not None and callee.kind == "identifier" and makes_requires(callee):
        return True
    return SHIM in value.text


def makes_requires(node: Node) -> bool:
    """Whether a name is ``createRequire`` of Node's ``module``, whatever it is called here."""
    binding = node.scope.find(node.text)
    if binding is None or binding.how != "import":
        return False
    return (bare(binding.path[0]), binding.path[1]) == ("module", "createRequire")


def is_interop(callee: Node) -> bool:
    """Whether a function hands on a module as others see it; all of that kind ask one thing."""
    node: Node | None = callee
    if callee.kind == "identifier":
        binding = callee.scope.find(callee.text)
        if binding is None or binding.assigned:
            return False
        if binding.how == "import":
            return binding.path == ("tslib", "__importStar") or binding.path == (
                "tslib",
                "__importDefault",
            )
        node = binding.node
    elif callee.kind == "member_expression":
        return member_name(callee) in ("__importStar", "__importDefault")
    if node is None or node.end - node.start > 1_500:
        return False
    return b"__esModule" in node.module.source[node.start : node.end]
