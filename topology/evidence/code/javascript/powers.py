"""What in a module could call AWS out of sight: everything that is not known to be harmless.

To call AWS, code needs the SDK, a connection or a program, and it gets those by an import, a
global or the means to run made code. Imports are followed elsewhere; here every global and every
way to a hidden one is a doubt, unless it is in a list of what can do nothing of the kind. Code
that puts a forbidden name together from pieces is not looked for: that is an attack on its reader.

Source: https://nodejs.org/api/globals.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.evidence.code.javascript import modules
from topology.evidence.code.javascript.expressions import (
    member_name,
    outer_of,
    property_name,
    string,
    unwrapped,
)
from topology.evidence.code.javascript.globals import (
    AT_RUN_TIME,
    CONNECTIONS,
    GLOBAL_OBJECTS,
    GLOBALS,
    HARMLESS,
    MADE_CODE,
    NATIVE,
    PROCESS,
    escapes,
    is_only_asked,
    is_written,
    member_taken,
    of_global,
    of_process,
)
from topology.evidence.code.javascript.imports import (
    first_literal,
    imports,
    is_made_to_require,
    requires,
    source_of,
)
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Module, Node
from topology.evidence.code.reading import Doubt

# Members by which code gets at Node's insides, or at what clients of AWS send, of whatever.
MEMBERS = {
    **dict.fromkeys(("binding", "dlopen", "_linkedBinding", "getBuiltinModule"), NATIVE),
    "setEngine": NATIVE,
    **dict.fromkeys(("createConnection", "createSocket", "addRequest"), CONNECTIONS),
    **dict.fromkeys(("mainModule", "_load", "_compile", "runInThisContext"), MADE_CODE),
    **dict.fromkeys(
        ("middlewareStack", "resolveMiddleware", "requestHandler", "httpRequest"),
        "This changes what a client of AWS sends.",
    ),
    "__proto__": "This changes what other code calls.",
}
HIDDEN = "This writes a name so that it cannot be read."


ASKED = ("name", "length", "super_", "prototype")


def doubts_of(module: Module) -> Iterator[Doubt]:
    """Everything in a module because of which there may be more calls than are found."""
    for node, reason in _found(module):
        yield Doubt(module.path, node.line, reason)


def _found(module: Module) -> Iterator[tuple[Node, str]]:
    yield from _imported(module)
    for node in module.nodes("identifier", "shorthand_property_identifier"):
        if node.scope.find(node.text) is None and not is_only_asked(node):
            yield from of_global(node)
    for node in module.nodes("member_expression", "subscript_expression"):
        yield from _member(node)
    for node in module.nodes("shorthand_property_identifier_pattern", "pair_pattern"):
        key = node.get("key") if node.kind == "pair_pattern" else node
        name = (property_name(key) if key is not None and key is not node else None) or node.text
        if name in MEMBERS or name in GLOBALS or name == "constructor":
            yield node, MEMBERS.get(name) or GLOBALS.get(name, MADE_CODE)
    for node in module.nodes("string", "template_string"):
        is_long = node.end - node.start == len("'constructor'")
        if is_long and string(node) == "constructor" and _may_name(node):
            yield node, MADE_CODE
    for node in module.nodes("with_statement"):
        yield node, "This takes names from an object made at run time."
    for node in module.nodes("identifier", "property_identifier", "private_property_identifier"):
        if module.source.find(b"\\", node.start, node.end) >= 0:
            yield node, HIDDEN
    if b"apiLoader" in module.source and b"defineService" in module.source:
        yield module.root, "Version 2 of the AWS SDK is bundled in, and not followed there."


def _imported(module: Module) -> Iterator[tuple[Node, str]]:
    for node in module.nodes("import_statement", "export_statement"):
        source = source_of(node)
        if source is not None and string(source) is None:
            yield node, HIDDEN
    for node, specifier in imports(module):
        is_process = modules.bare(specifier) == "process"
        reason = NATIVE if is_process else modules.reason_against(specifier)
        if reason and not _is_harmless(node, modules.bare(specifier)):
            yield node, reason
    for node in module.nodes("import_specifier"):
        name = node.get("name")
        if name is not None and name.text in ("getBuiltinModule", "binding", "dlopen"):
            yield node, NATIVE
    for node in module.nodes("call_expression"):
        callee = node.get("function")
        is_import = callee is not None and (callee.kind == "import" or requires(callee))
        if is_import and first_literal(node) is None:
            yield node, AT_RUN_TIME
    for binding in {b for s in module.scopes for b in s.names.values()}:
        if is_made_to_require(binding):
            yield from ((use, AT_RUN_TIME) for use in binding.uses if escapes(use))


def _is_harmless(node: Node, name: str) -> bool:
    """Whether only that is taken of a module which sends nothing and runs nothing."""
    if name == "module":
        bound = list(_bound(node))
        return bool(bound) and all(
            b.path[1:] == ("createRequire",) and all(map(_makes_a_require, b.uses)) for b in bound
        )
    if name == "process":
        bound = list(_bound(node))
        return all(map(_is_of_process, bound)) if bound else _takes_of_process(node)
    if name not in ("http", "https"):
        return False
    bound = list(_bound(node))
    return bool(bound) and all(
        b.path[-1] in modules.AGENTS
        if b.path[-1:] and b.path[-1] not in ("*", "default", name)
        else all(_takes_agent(use) for use in b.uses) and not b.assigned
        for b in bound
    )


def _bound(node: Node) -> Iterator[Binding]:
    """The names that an import binds; none where it is used in another way."""
    holder = node.parent if node.kind == "call_expression" else None
    while (holder is not None and holder.kind == "call_expression") or _is_list(holder):
        holder = holder.parent if holder is not None else None  # an interop helper around it
    for binding in {b for s in node.module.scopes for b in s.names.values()}:
        if binding.how == "import" and binding.node is node:
            yield binding
        elif holder is not None and holder.kind == "variable_declarator":
            is_its = binding.how == "value" and binding.node.parent is holder
            yield from (binding,) if is_its else ()


def _is_list(node: Node | None) -> bool:
    return node is not None and node.kind == "arguments"


def _takes_agent(use: Node) -> bool:
    member = use.parent
    if member is None or member.kind != "member_expression" or use.field != "object":
        return False
    name = member_name(member)
    if name == "default":
        return _takes_agent(member)
    return name in modules.AGENTS


def _is_of_process(binding: Binding) -> bool:
    if binding.path[-1:] and binding.path[-1] not in ("*", "default", "process", "node:process"):
        return binding.path[-1] in PROCESS
    return not binding.assigned and all(map(_takes_of_process, binding.uses))


def _takes_of_process(use: Node) -> bool:
    name = member_taken(use)
    if name == "default" and use.parent is not None:
        return _takes_of_process(use.parent)
    return name in PROCESS or is_only_asked(use)


def _makes_a_require(use: Node) -> bool:
    call = use.parent
    holder = call.parent if call is not None and use.field == "function" else None
    return holder is not None and holder.kind == "variable_declarator"


def _member(node: Node) -> Iterator[tuple[Node, str]]:
    name, base = member_name(node), node.get("object")
    if name is None or base is None:
        return
    if name in MEMBERS:
        yield node, MEMBERS[name]
    elif name in GLOBALS and not is_written(node):
        if name != "Function" or outer_of(node).kind in ("call_expression", "new_expression"):
            yield node, GLOBALS[name]
    elif name == "constructor" and not _is_asked_of_constructor(node, base):
        yield node, MADE_CODE
    elif (name, base.kind) == ("process", "identifier") and base.text in GLOBAL_OBJECTS:
        yield from of_process(node)


def _is_asked_of_constructor(node: Node, base: Node) -> bool:
    """Whether a constructor is compared, or builds another object of a kind that is no function."""
    parent = outer_of(node)
    if is_only_asked(node) or is_written(node):
        return True
    if parent.kind in ("member_expression", "subscript_expression"):
        return member_name(parent) in ASKED
    if parent.kind == "new_expression":
        return base.kind == "this" or _is_known_object(base)
    name = parent.get("name") if parent.kind == "variable_declarator" else None
    binding = name.scope.find(name.text) if name is not None and name.kind == "identifier" else None
    return binding is not None and all(
        is_only_asked(use) or member_taken(use) in ASKED for use in binding.uses
    )


def _may_name(text: Node) -> bool:
    """Whether a text is kept, or given to ``Reflect``, so that a member may be taken by it."""
    holder = text.parent
    if holder is None:
        return False
    if holder.kind in ("variable_declarator", "assignment_expression", "pair"):
        return text.field in ("value", "right")
    callee = holder.parent.get("function") if holder.parent is not None else None
    base = callee.get("object") if callee is not None and holder.kind == "arguments" else None
    return base is not None and base.kind == "identifier" and base.text == "Reflect"


def _is_known_object(base: Node) -> bool:
    """``if (date instanceof Date) return new date.constructor(value)``, as ``?:`` too."""
    now, holder = base, base.parent
    while holder is not None and holder.kind not in FUNCTIONS:
        is_then = holder.kind in ("if_statement", "ternary_expression")
        asked = (
            unwrapped(holder.get("condition")) if is_then and now.field == "consequence" else None
        )
        if asked is not None and _asks_for_kind(asked, base):
            return True
        now, holder = holder, holder.parent
    return False


def _asks_for_kind(asked: Node, base: Node) -> bool:
    left, right, operator = (asked.get(field) for field in ("left", "right", "operator"))
    if left is None or right is None or operator is None or operator.text != "instanceof":
        return False
    is_same = left.kind == base.kind == "identifier" and left.text == base.text
    return is_same and right.text in HARMLESS - {"Object"}
