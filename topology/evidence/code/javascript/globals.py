"""Globals of Node, and whether code only does with them what calls nothing out of sight.

Source: https://nodejs.org/api/globals.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.evidence.code.javascript import modules
from topology.evidence.code.javascript.expressions import member_name, outer_of
from topology.evidence.code.javascript.imports import arguments, first_literal, is_made_to_require
from topology.evidence.code.javascript.modules import words
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Node

HARMLESS = words(
    """
    AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics
    BigInt BigInt64Array BigUint64Array Blob Boolean Buffer ByteLengthQueuingStrategy
    CompressionStream CountQueuingStrategy CustomEvent DOMException DataView Date
    DecompressionStream DisposableStack Error EvalError Event EventTarget File
    FinalizationRegistry Float16Array Float32Array Float64Array FormData Headers Infinity
    Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Performance
    Promise Proxy RangeError ReadableStream ReferenceError Reflect RegExp Request Response Set
    SharedArrayBuffer String SuppressedError Symbol SyntaxError TextDecoder TextEncoder
    TransformStream TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakRef WeakSet WritableStream __dirname __filename arguments
    atob awslambda btoa clearImmediate clearInterval clearTimeout console crypto decodeURI
    decodeURIComponent encodeURI encodeURIComponent escape exports gc isFinite isNaN
    parseFloat parseInt performance queueMicrotask setImmediate setInterval setTimeout
    structuredClone undefined unescape
    """
)
# Absent in Node: what is written for browsers asks for them and does without.
BROWSERS = words(
    """
    window self document navigator location localStorage sessionStorage define
    """
)
GLOBAL_OBJECTS = frozenset(("globalThis", "global"))
REQUESTS, CONNECTIONS = f"This {modules.REQUESTS}.", f"This {modules.CONNECTIONS}."
MADE_CODE, NATIVE = f"This {modules.MADE_CODE}.", "This runs native code."
GLOBALS = {
    "fetch": REQUESTS,
    "XMLHttpRequest": REQUESTS,
    "EventSource": REQUESTS,
    "WebSocket": CONNECTIONS,
    "WebAssembly": NATIVE,
    "eval": MADE_CODE,
    "Function": MADE_CODE,
    "Deno": "This is for another runtime.",
    "Bun": "This is for another runtime.",
}
AT_RUN_TIME = "This imports a module whose name is made at run time."
GLOBAL_BY_NAME = "This takes a global by a name made at run time."
PATCHED = "This changes what other code calls."
MODULE = frozenset(("exports", "id", "filename", "loaded", "path", "hot", "require"))
PROCESS = words(
    """
    addListener arch argv argv0 cpuUsage cwd emit emitWarning env exit exitCode features
    getegid geteuid getgid getuid hrtime listenerCount listeners memoryUsage nextTick off on
    once pid platform ppid release removeAllListeners removeListener resourceUsage
    setMaxListeners setUncaughtExceptionCaptureCallback stderr stdin stdout title umask uptime
    version versions
    """
)
FUNCTION_READS = frozenset(("toString", "call", "apply", "bind", "hasInstance"))
COMPARING = frozenset(("===", "!==", "==", "!=", "instanceof", "in"))
DEEPEST = 4  # names that the global object goes through


def of_global(node: Node) -> Iterator[tuple[Node, str]]:
    """The doubts about a name that is declared nowhere in its module."""
    word, parent = node.text, node.parent
    if word in HARMLESS:
        if parent is not None and _is_patched(node, parent):
            yield node, PATCHED
        if word == "arguments" and _is_of_module(node):  # of the function that Node puts around
            yield node, AT_RUN_TIME
    elif word == "require":
        if escapes(node):
            yield node, AT_RUN_TIME
    elif word == "process":
        yield from of_process(node)
    elif word == "module":
        if member_taken(node) not in MODULE:
            yield node, AT_RUN_TIME
    elif word in GLOBAL_OBJECTS:
        if not _is_held_well(node, DEEPEST):
            yield node, GLOBALS.get(member_taken(node) or "", GLOBAL_BY_NAME)
    elif word == "Function":
        if not _is_asked_of_function(node):
            yield node, MADE_CODE
    elif word in GLOBALS:
        yield node, GLOBALS[word]
    elif word not in BROWSERS or is_written(node):
        yield node, "This uses a global that is not known."


def _is_of_module(node: Node) -> bool:
    """Whether no function of the module is around it but those that have no arguments object."""
    around = node.parent
    while around is not None and around.kind not in FUNCTIONS - {"arrow_function"}:
        around = around.parent
    return around is None


def of_process(node: Node) -> Iterator[tuple[Node, str]]:
    """The doubts about a use of ``process``."""
    if member_taken(node) not in PROCESS:
        yield node, NATIVE


def member_taken(node: Node) -> str | None:
    """The member that is taken of a name; None: none, or one that is computed."""
    parent = node.parent
    is_base = parent is not None and node.field == "object"
    return member_name(parent) if parent is not None and is_base else None


def is_only_asked(node: Node) -> bool:
    """Whether a name is but compared, or asked for its type."""
    parent = outer_of(node)
    if parent.kind in ("import_specifier", "namespace_export") or _is_dead(node):
        return True
    if parent.kind == "export_specifier":
        clause = parent.parent
        statement = clause.parent if clause is not None else None
        return node.field == "alias" or statement is None or statement.get("source") is not None
    operator = parent.get("operator")
    sign = operator.text if operator is not None else ""
    if parent.kind == "unary_expression":
        return sign in ("typeof", "!", "void")
    return parent.kind == "binary_expression" and sign in COMPARING


def _is_dead(node: Node) -> bool:
    """``0 && (module.exports = { handler })``, which bundlers write for readers of names."""
    holder: Node | None = node
    for _ in range(6):
        holder = holder.parent if holder is not None else None
        if holder is not None and holder.kind == "binary_expression":
            left, operator = holder.get("left"), holder.get("operator")
            if left is not None and operator is not None and left.kind == "number":
                return (left.text, operator.text) == ("0", "&&")
    return False


def is_written(node: Node | None) -> bool:
    """Whether an expression is assigned to."""
    if node is None or node.parent is None:
        return False
    kind = node.parent.kind
    return (node.field == "left" and "assignment" in kind) or kind in (
        "update_expression",
        "object_pattern",
        "array_pattern",
    )


def _is_held_well(node: Node, depth: int) -> bool:
    """Whether nothing but members by their names are taken of the global object.

    What each of them is, is judged where it stands; one that is written may be read as a name.
    """
    taken = member_taken(node)
    if taken is not None and node.parent is not None:
        is_new = taken not in HARMLESS | BROWSERS or taken == "awslambda"
        return is_new if is_written(node.parent) else taken in (*HARMLESS, *BROWSERS, "process")
    if is_only_asked(node):
        return True
    now, outer = node, node.parent
    while outer is not None and _hands_up(now, outer):
        if outer.kind == "assignment_expression" and not _is_put_well(outer, depth):
            return False
        now, outer = outer, outer.parent
    if outer is None or not depth:
        return False
    if outer.kind == "expression_statement":
        return True
    if now.field == "object" and member_name(outer) is not None:
        return _is_held_well(now, depth)
    binding = _bound_by(now, outer)
    return binding is not None and all(_is_held_well(use, depth - 1) for use in binding.uses)


def _is_put_well(assignment: Node, depth: int) -> bool:
    left = assignment.get("left")
    binding = left.scope.find(left.text) if left is not None and left.kind == "identifier" else None
    if binding is None or not depth:
        return False
    others = [use for use in binding.uses if not assignment.start <= use.start < assignment.end]
    return all(_is_held_well(use, depth - 1) for use in others)


def _hands_up(node: Node, outer: Node) -> bool:
    if outer.kind == "ternary_expression":
        return node.field != "condition"
    if outer.kind == "binary_expression":
        operator = outer.get("operator")
        return operator is not None and operator.text in ("||", "&&", "??")
    return outer.kind in ("parenthesized_expression", "assignment_expression") and (
        node.field != "left"
    )


def _bound_by(node: Node, outer: Node) -> Binding | None:
    """The name that gets a value: a variable's, or a parameter's of a function applied at once."""
    name: Node | None = None
    if outer.kind == "variable_declarator" and node.field == "value":
        name = outer.get("name")
    elif outer.kind == "arguments" and outer.parent is not None:
        function = outer.parent.get("function")
        while function is not None and function.kind == "parenthesized_expression":
            function = function.children[0] if function.children else None
        if function is not None and function.kind in FUNCTIONS:
            given = function.get("parameters")
            place = outer.children.index(node)
            wanted = given.children if given is not None else []
            name = wanted[place] if place < len(wanted) else None
            scope = function.scope
            is_plain = name is not None and name.kind == "identifier"
            return scope.find(name.text) if name is not None and is_plain else None
    if name is None or name.kind != "identifier":
        return None
    return name.scope.find(name.text)


def _is_patched(node: Node, parent: Node) -> bool:
    """Whether a global itself, a member or its prototype is written to."""
    if is_written(node):
        return True
    if parent.kind not in ("member_expression", "subscript_expression") or node.field != "object":
        return False
    if is_written(parent) and node.text not in ("exports", "awslambda"):
        return node.text != "Error"  # Error.stackTraceLimit
    if member_name(parent) != "prototype":
        return False
    further = parent.parent
    if further is None or parent.field != "object":
        is_made = further is not None and _is_list_of_create(further)
        return not (is_made or is_only_asked(parent) or _is_alias(parent))
    return is_written(further) or member_name(further) is None


def _is_alias(prototype: Node) -> bool:
    """``const found = Object.prototype``, of which nothing but members is taken."""
    holder = outer_of(prototype)
    name = holder.get("name") if holder.kind == "variable_declarator" else None
    binding = name.scope.find(name.text) if name is not None and name.kind == "identifier" else None
    return binding is not None and all(
        member_taken(use) is not None and use.parent is not None and not is_written(use.parent)
        for use in binding.uses
    )


def _is_list_of_create(given: Node) -> bool:
    """``Object.create(Error.prototype)``, which makes another object."""
    call = given.parent
    callee = call.get("function") if call is not None and given.kind == "arguments" else None
    return callee is not None and member_name(callee) == "create"


def _is_asked_of_function(node: Node) -> bool:
    """``Function.prototype.toString``, or the ``Function("return this")`` of old libraries."""
    parent = node.parent
    if parent is not None and parent.kind == "call_expression" and node.field == "function":
        return first_literal(parent) == "return this" and len(arguments(parent)) == 1
    if member_taken(node) != "prototype" or parent is None:
        return False
    return member_taken(parent) in FUNCTION_READS and not is_written(parent.parent)


def escapes(node: Node) -> bool:
    """Whether ``require`` goes where its calls are not seen."""
    parent = outer_of(node)
    if parent.kind == "unary_expression" and parent.text.startswith("typeof"):
        return False
    if parent.kind == "call_expression" and node.field == "function":
        return False
    if node.parent is not None and node.parent.kind == "member_expression":
        name = member_name(node.parent)
        if name == "main":
            return not is_only_asked(node.parent)
        return name != "resolve"
    holder: Node | None = parent
    for _ in range(12):  # inside the bundler's own require
        if holder is None:
            break
        if holder.kind == "variable_declarator":
            name_of = holder.get("name")
            bound = name_of.scope.find(name_of.text) if name_of is not None else None
            if bound is not None and is_made_to_require(bound):
                return False
        holder = holder.parent
    return True
