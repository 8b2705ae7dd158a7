"""Where things of the AWS SDK come into a module: imports, and classes that were bundled in.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

from topology.evidence.code.javascript import things
from topology.evidence.code.javascript.holders import Holders
from topology.evidence.code.javascript.imports import imports
from topology.evidence.code.javascript.inlined import inlined
from topology.evidence.code.javascript.syntax import Binding, Module, Node
from topology.evidence.code.javascript.things import Thing, member_of


def start(module: Module, holders: Holders) -> None:
    """Look at all that a module has of the SDK."""
    for node, specifier in imports(module):
        package = things.package_of(specifier)
        if specifier.startswith(things.IDEMPOTENCY):
            holders.met.remembers(node)
        elif specifier.startswith("@aws-lambda-powertools/parameters"):
            _parameters(holders, node)
        if package is None:
            continue
        if node.kind == "call_expression":
            holders.go(node, package)
        elif node.kind == "export_statement":
            _exported_on(holders, node, package)
    for scope in module.scopes:
        for binding in scope.names.values():
            if binding.how == "import":
                _imported(holders, binding)
    for node, thing in inlined(module):
        _class(holders, node, thing)


def _imported(holders: Holders, binding: Binding) -> None:
    package = things.package_of(binding.path[0])
    if package is not None:
        whole = binding.path[1] in ("*", "default")
        holders.binding(binding, package if whole else member_of(package, binding.path[1]))


def _parameters(holders: Holders, node: Node) -> None:
    """Powertools' parameters are read by functions named ``get…``; whatever else may set."""
    head = [child.get("name") for child in node.module.nodes("import_specifier")]
    inside = [name for name in head if name is not None and node.start < name.start < node.end]
    if not inside or not all(name.text.startswith("get") for name in inside):
        holders.met.doubt(node, "This may set a parameter or a secret.")


def _exported_on(holders: Holders, node: Node, package: Thing) -> None:
    whole = next((child for child in node.children if child.kind == "namespace_export"), None)
    if whole is not None and whole.children:
        holders.named(whole.children[0].text, package, node)
        return
    clause = next((child for child in node.children if child.kind == "export_clause"), None)
    if clause is None:
        holders.met.lost(node, package)
        return
    for one in clause.children:
        name, alias = one.get("name"), one.get("alias")
        if name is not None:
            holders.named((alias or name).text, member_of(package, name.text), one)


def _class(holders: Holders, node: Node, thing: Thing) -> None:
    name = node.get("name")
    binding = node.scope.find(name.text) if name is not None else None
    if binding is not None:
        holders.binding(binding, thing)
    if node.kind == "class":
        holders.go(node, thing)
