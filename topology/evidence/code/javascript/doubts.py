"""What a module does that is not followed and could hide a call of AWS.

Source: https://nodejs.org/api/
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.evidence.code.javascript import names
from topology.evidence.code.javascript.index import unwrapped
from topology.evidence.code.javascript.package import arguments, first_literal, imports, requires
from topology.evidence.code.javascript.syntax import Module, Node
from topology.evidence.code.reading import Doubt

GLOBALS = {
    "fetch": "This sends HTTP requests of its own.",
    "XMLHttpRequest": "This sends HTTP requests of its own.",
    "WebSocket": "This opens connections of its own.",
    "EventSource": "This sends HTTP requests of its own.",
    "WebAssembly": "This runs native code.",
    "eval": "This runs code made at run time.",
    "Function": "This runs code made at run time.",
    "Deno": "This is for another runtime.",
    "Bun": "This is for another runtime.",
}
AT_RUN_TIME = "This imports a module whose name is made at run time."
MODULE = frozenset(
    ["exports", "require", "id", "filename", "children", "loaded", "path", "paths", "parent", "hot"]
)
PROCESS = frozenset(["binding", "dlopen", "mainModule", "_linkedBinding", "getBuiltinModule"])


def doubts_of(module: Module) -> Iterator[Doubt]:
    """Everything in a module because of which there may be more calls than are found."""
    for node, reason in _found(module):
        yield Doubt(module.path, node.line, reason)


def _found(module: Module) -> Iterator[tuple[Node, str]]:
    for node, specifier in imports(module):
        reason = names.REACHING.get(specifier.removeprefix("node:").split("/")[0])
        if specifier.removeprefix("node:") == "module" and _only_requires(module, node):
            reason = None
        if reason is not None:
            yield node, f"This {reason}."
    for node in module.nodes("identifier"):
        word = node.text
        if word in GLOBALS and node.scope.find(word) is None and not _is_name(node):
            if word == "Function" and not _calls(node):
                continue
            yield node, GLOBALS[word]
        elif word == "require" and node.scope.find(word) is None and _escapes(node):
            yield node, AT_RUN_TIME
    for node in module.nodes("call_expression"):
        callee = node.get("function")
        is_import = callee is not None and (callee.kind == "import" or requires(callee))
        if is_import and first_literal(node) is None and arguments(node):
            yield node, AT_RUN_TIME
    for node in module.nodes("member_expression", "subscript_expression"):
        base, name = node.get("object"), node.get("property") or node.get("index")
        if base is None or name is None:
            continue
        if base.text == "module" and name.text not in MODULE and base.scope.find("module") is None:
            yield node, AT_RUN_TIME
        elif name.text == "fetch" or (name.text in GLOBALS and base.kind == "this"):
            yield node, GLOBALS[name.text]
        elif base.text == "process" and name.text.strip("'\"`") in PROCESS:
            yield node, "This runs code of Node's own or native code."
        elif base.text in ("globalThis", "global", "window", "self") and (
            node.kind == "subscript_expression" or name.text in GLOBALS
        ):
            if base.scope.find(base.text) is None:
                yield (
                    node,
                    GLOBALS.get(name.text, "This takes a global by a name made at run time."),
                )
        elif name.text == "constructor" and _is_called(node):
            yield node, "This runs code made at run time."
    if b"apiLoader" in module.source and b"defineService" in module.source:
        yield module.root, "Version 2 of the AWS SDK is bundled in, and not followed there."
    for node in module.nodes("identifier", "property_identifier"):
        if "\\" in node.text:
            yield node, "This writes a name so that it cannot be read."
    for node in module.nodes("with_statement"):
        yield node, "This takes names from an object made at run time."


def _is_name(node: Node) -> bool:
    return node.parent is not None and (
        node.parent.kind in ("import_specifier", "export_specifier")
        or (node.parent.kind == "unary_expression" and node.parent.text.startswith("typeof"))
    )


def _calls(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.kind == "member_expression":
        return False
    given = arguments(parent)
    if len(given) == 1 and given[0].text.strip("'\"`") == "return this":
        return False
    outer = unwrapped(parent)
    return not (outer is not None and outer.kind == "binary_expression")


def _escapes(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.kind == "unary_expression":
        return False
    if parent.kind == "call_expression" and node.field == "function":
        return False
    if parent.kind == "member_expression":
        name = parent.get("property")
        return name is not None and name.text not in ("main", "cache", "resolve", "extensions")
    holder: Node | None = parent
    for _ in range(12):  # inside the bundler's own require
        if holder is None:
            break
        if holder.kind == "call_expression" and "Dynamic require of" in holder.text[:2_000]:
            return False
        holder = holder.parent
    return True


def _is_called(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.kind == "call_expression" and node.field == "function"


def _only_requires(module: Module, node: Node) -> bool:
    return node.kind == "import_statement" and b"createRequire" in node.text.encode()
