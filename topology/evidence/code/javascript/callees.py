"""Which functions a call may mean, where all of them are known.

Source: https://tc39.es/ecma262/#sec-function-calls
"""

from __future__ import annotations

from topology.evidence.code.javascript import modules, things
from topology.evidence.code.javascript.expressions import member_name, string, unwrapped
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.index import Index
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Node
from topology.evidence.code.javascript.uses import function_name


class Callees:
    """What the callees of a package mean."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def functions(self, callee: Node, call: Node) -> list[Node]:
        """All functions that a callee may be; empty: not all of them are known."""
        if callee.kind in FUNCTIONS:
            return [callee]
        if callee.kind == "identifier":
            binding = callee.scope.find(callee.text)
            return self._of_binding(binding, call) if binding is not None else []
        name, base = member_name(callee), callee.get("object")
        if base is None or base.kind != "this" or name is None or not _has_method(base, name):
            return []
        changes = self.index.changes
        put = [*changes.may_hold(name), *changes.pairs.get(name, ())]
        if any(value is None or unwrapped(value) not in self._all(name) for value in put):
            return []
        return self.index.functions.get(name, [])

    def _all(self, name: str) -> list[Node]:
        return self.index.functions.get(name, [])

    def _of_binding(self, binding: Binding, call: Node) -> list[Node]:
        if binding.assigned:
            return []
        node: Node | None = binding.node
        if binding.how == "import":
            found = self.index.exported(node.module.path, *binding.path) if node else []
            node = found[0] if len(found) == 1 else None
            if node is not None and node.kind == "identifier":
                inner = node.scope.find(node.text)
                ok = inner is not None and inner is not binding and inner.how != "import"
                return self._of_binding(inner, call) if inner is not None and ok else []
        elif binding.how == "value" and not binding.path:
            node = unwrapped(node)
        elif binding.how not in ("function", "class"):
            return []
        if node is not None and node.kind in FUNCTIONS and call.kind == "call_expression":
            return [node]
        if node is not None and node.kind in ("class", "class_declaration"):
            body = node.get("body")
            methods = body.children if body is not None else []
            is_own = call.kind == "new_expression"
            return [m for m in methods if is_own and function_name(m) == "constructor"]
        return []

    def hands_back(self, callee: Node) -> bool:
        """X-Ray's ``captureAWS``, ``captureAWSClient``, ``captureAWSv3Client``: hand it back."""
        name = member_name(callee) or (callee.text if callee.kind == "identifier" else "")
        return name.startswith("captureAWS") and name not in self.index.functions


def is_of_sdk(callee: Node) -> bool:
    """Whether a function of the SDK itself is called, which is judged where it is taken."""
    root: Node | None = callee
    while root is not None and root.kind == "member_expression":
        root = unwrapped(root.get("object"))
    binding = root.scope.find(root.text) if root is not None and root.kind == "identifier" else None
    if binding is None or binding.assigned:
        return False
    if binding.how == "import":
        return things.package_of(binding.path[0]) is not None
    return binding.how == "value" and _required(binding.node) is not None


def _required(value: Node) -> str | None:
    """The package of the SDK that a value is, imported by ``require`` perhaps within a helper."""
    call = unwrapped(value)
    while call is not None and call.kind == "call_expression":
        given = arguments(call)
        literal = string(given[0]) if given and given[0].kind in ("string",) else None
        if literal is not None:
            return literal if modules.SDK.match(literal) else None
        call = unwrapped(given[0]) if given else None
    return None


def is_console(callee: Node) -> bool:
    base = callee.get("object")
    if base is None or base.kind != "identifier" or base.text != "console":
        return False
    return base.scope.find("console") is None


def _has_method(this: Node, name: str) -> bool:
    """Whether the class around defines a method itself, so that none of another is meant."""
    body = this.parent
    while body is not None and body.kind != "class_body":
        body = body.parent
    return body is not None and any(function_name(each) == name for each in body.children)
