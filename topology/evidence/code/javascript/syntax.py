"""JavaScript and TypeScript as trees that know their parents and the names in scope.

Source: https://tree-sitter.github.io/tree-sitter/using-parsers
"""

from __future__ import annotations

import bisect
import sys
from dataclasses import dataclass, field
from functools import cache

import tree_sitter
import tree_sitter_javascript
import tree_sitter_typescript

MAX_DEPTH = 2_000  # of nodes; a text of that many parts joined by hand is generated code
MAX_NODES = 500_000  # of a package: some 200 MB
FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)
TOLD = ("operator", "kind")  # fields that hold signs and keywords
SCOPES = FUNCTIONS | {
    "program",
    "statement_block",
    "for_statement",
    "for_in_statement",
    "catch_clause",
    "class_static_block",
    "switch_body",
    "class",
}


class UnparsableError(Exception):
    """A file that is not JavaScript, or is too large or too deep to be looked at."""


NONE: list[Node] = []


class Node:
    """A piece of syntax: its kind, the field of its parent that it is, and where it stands."""

    __slots__ = ("children", "end", "field", "kind", "module", "parent", "scope", "start")

    def __init__(
        self,
        module: Module,
        kind: str,
        field: str | None,
        start: int,
        end: int,
        parent: Node | None,
    ) -> None:
        self.module, self.kind, self.field = module, kind, field
        self.start, self.end, self.parent = start, end, parent
        self.children: list[Node] = NONE  # until it has one: most pieces never do
        self.scope: Scope = module.top

    def get(self, field: str) -> Node | None:
        """The child that is this field."""
        return next((child for child in self.children if child.field == field), None)

    def parts(self) -> list[Node]:
        """The children that are no operators."""
        return [child for child in self.children if child.field not in ("operator", "kind")]

    @property
    def text(self) -> str:
        """The source of this piece."""
        return self.module.source[self.start : self.end].decode(errors="replace")

    @property
    def line(self) -> int:
        """The line in the file, from 1."""
        return bisect.bisect_right(self.module.line_starts, self.start)


@dataclass(eq=False, slots=True)
class Binding:
    """A name in a scope, what gives it its value, and where it is used.

    ``how``: ``value`` (``node`` and the ``path`` into it), ``param`` (number ``index`` of the
    function ``node``, and the path into it), ``import`` (``path`` is the module and the name),
    ``function``, ``class`` or ``unknown``.
    """

    name: str
    how: str
    node: Node
    path: tuple[str, ...] = ()
    index: int = 0
    default: Node | None = None
    uses: list[Node] = field(default_factory=list)
    assigned: list[tuple[Node | None, tuple[str, ...]]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Scope:
    """Names declared between two braces, and the scope around them."""

    node: Node | None
    outer: Scope | None
    names: dict[str, Binding] = field(default_factory=dict)

    def find(self, name: str) -> Binding | None:
        """What the name means here; None: it is global."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None


class Module:
    """One parsed file, of ``most`` pieces. Raises UnparsableError."""

    def __init__(self, path: str, source: bytes, most: int = MAX_NODES) -> None:
        self.path, self.source = path, source
        self.size, self._most = 0, most
        self.line_starts = [0]
        self.line_starts.extend(i + 1 for i, byte in enumerate(source) if byte == 10)
        self.top = Scope(None, None)
        self.scopes = [self.top]
        self.by_kind: dict[str, list[Node]] = {}
        self.comments: list[tuple[int, str]] = []
        self.root = self._read(_tree(path, source))
        self._mend_awaits()
        self.top.node = self.root

    def nodes(self, *kinds: str) -> list[Node]:
        """All nodes of some kinds, in the order of the file for each of them."""
        return [node for kind in kinds for node in self.by_kind.get(kind, ())]

    def _read(self, tree: tree_sitter.Tree) -> Node:
        if tree.root_node.has_error:
            raise UnparsableError("is not JavaScript or TypeScript that can be read")
        cursor = tree.walk()
        root = Node(self, "program", None, 0, len(self.source), None)
        stack = [root]
        if not cursor.goto_first_child():
            return root
        while True:
            now = cursor.node
            if now is None:
                raise UnparsableError("ends before its end")
            name, entered = cursor.field_name, False
            if now.type == "comment":
                text = self.source[now.start_byte : now.start_byte + 200]
                self.comments.append((now.start_byte, text.decode(errors="replace")))
            elif now.is_named or name in TOLD or (now.type == "default" and name is not None):
                self.size += 1
                if self.size > self._most or len(stack) > MAX_DEPTH:
                    raise UnparsableError("is too large or nested too deeply to be read")
                parent = stack[-1]
                kind, name = sys.intern(now.type), sys.intern(name) if name else None
                node = Node(self, kind, name, now.start_byte, now.end_byte, parent)
                if parent.children is NONE:
                    parent.children = []
                parent.children.append(node)
                self.by_kind.setdefault(kind, []).append(node)
                node.scope = _scope_for(node, parent)
                entered = cursor.goto_first_child()
                if entered:
                    stack.append(node)
            if entered:
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent() or len(stack) == 1:
                    return root
                stack.pop()

    def _mend_awaits(self) -> None:
        """``await (0, f)(x)``, which the grammar takes for a call of ``await(0, f)``."""
        calls = [node for node in self.nodes("call_expression") if _is_await(node)]
        words = {call.children[0] for call in calls}
        for call in calls:
            given = call.children[1]
            call.kind, given.kind, given.field = "await_expression", "sequence_expression", None
            call.children = [given]
        for kind, gone in (("identifier", words), ("call_expression", set(calls))):
            if calls:
                self.by_kind[kind] = [node for node in self.by_kind[kind] if node not in gone]
        self.by_kind.setdefault("await_expression", []).extend(calls)


def _is_await(call: Node) -> bool:
    if len(call.children) != 2 or call.children[0].kind != "identifier":
        return False
    if call.children[0].text != "await" or call.children[1].kind != "arguments":
        return False
    function = call.parent
    while function is not None and function.kind not in FUNCTIONS:
        function = function.parent
    if function is None:
        return True
    head = function.module.source[function.start : function.start + 40].split()[:2]
    return any(word.startswith(b"async") for word in head)


def _scope_for(node: Node, parent: Node) -> Scope:
    """The scope that holds what is in a node: its own where it opens one."""
    if node.kind in SCOPES:
        scope = Scope(node, parent.scope)
        node.module.scopes.append(scope)
        return scope
    return parent.scope


@cache
def _parser(kind: str) -> tree_sitter.Parser:
    language = {
        "ts": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
        "js": tree_sitter_javascript.language,
    }[kind]
    return tree_sitter.Parser(tree_sitter.Language(language()))


def _tree(path: str, source: bytes) -> tree_sitter.Tree:
    end = path.rsplit(".", 1)[-1]
    return _parser({"ts": "ts", "mts": "ts", "cts": "ts", "tsx": "tsx"}.get(end, "js")).parse(
        source
    )
