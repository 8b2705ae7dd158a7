"""What names, parameters and attributes hold where they are read.

Within a function the order of statements is followed; attributes, parameters and names from around
hold whatever they are given anywhere.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from topology.evidence.code.python import methods
from topology.evidence.code.python.flow import Flow
from topology.evidence.code.python.objects import Builtin, Cls, Inst, Mod, Named, Super
from topology.evidence.code.python.reaching import (
    Assigned,
    Tree,
    Way,
    assigned,
    everywhere,
    reaching,
)
from topology.evidence.code.python.scopes import COMPREHENSIONS, FUNCTIONS, Scope
from topology.evidence.code.python.values import Environment, FilePath, Frame, Value, any_of, text
from topology.evidence.code.texts import is_recipe, joined
from topology.sets.recipes import Anything, Brought, Recipe

CALLS = 6  # functions within each other


class Holding(ABC):
    """Looks up what is held, and asks for the values of expressions."""

    def __init__(self, flow: Flow, entries: Sequence[Scope]) -> None:
        self.flow = flow
        self.entries = entries
        self._trees: dict[Scope, Tree] = {}
        self._now: set[tuple[ast.AST, Frame | None, Way]] = set()
        self._depth = self._nested = self._work = 0

    @abstractmethod
    def value(self, node: ast.expr, frame: Frame | None = None) -> Value:
        """What an expression gives; None: nothing that is understood."""

    @abstractmethod
    def text(self, node: ast.expr | None, frame: Frame | None = None) -> Recipe:
        """An expression as a text."""

    @abstractmethod
    def _guarded(self, node: ast.expr, way: Way, frame: Frame | None) -> Value:
        """What an expression holds at the end of a way into it."""

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope that an expression is worked out in."""
        tree = self.tree_of(node)
        skipped: ast.AST | None = None
        for outer, child in tree.above(node):
            if isinstance(outer, ast.comprehension) and child is outer.iter:
                around = tree.parents[outer]
                if isinstance(around, COMPREHENSIONS) and around.generators[0] is outer:
                    skipped = around
            scope = self.flow.scopes.get(outer)
            if scope is None or outer is skipped:
                continue
            body = getattr(outer, "body", None)
            is_within = child in body if isinstance(body, list) else child is body
            if is_within or isinstance(outer, COMPREHENSIONS):
                return scope
        raise LookupError(node)

    def tree_of(self, node: ast.AST) -> Tree:
        for tree in self._trees.values():
            if node in tree.parents:
                return tree
        for scope in self.flow.modules.values():
            if scope not in self._trees and node in self.tree(scope).parents:
                return self._trees[scope]
        raise LookupError(node)

    def tree(self, scope: Scope) -> Tree:
        """The tree of a scope's module."""
        module = scope.module
        if module not in self._trees:
            self._trees[module] = Tree(module.source.tree)
        return self._trees[module]

    def _name(self, node: ast.Name, name: str, frame: Frame | None) -> Value:
        scope = self.scope_of(node)
        owner = scope.owner(name)
        if owner is None or self.flow.values["star", scope.module]:
            return None
        found = self._assigned(node, name, scope, owner)
        if not found:
            return None
        return any_of([self._given(each, name, owner, frame) for each in found])

    def _assigned(
        self, node: ast.Name, name: str, scope: Scope, owner: Scope
    ) -> list[Assigned] | None:
        tree = self.tree(scope)
        elsewhere = [
            each
            for other in self.flow.scopes.values()
            if other.outside.get(name) and other.module is owner.module
            for part in getattr(other.node, "body", ())
            for each in assigned(part, name)
        ]
        is_here = owner is scope or owner is scope.function
        for outer, _ in tree.above(node):
            if outer is owner.node:
                break
            is_here = is_here and not isinstance(outer, ast.GeneratorExp)
        if is_here and not elsewhere:
            return reaching(tree, owner, name, node)
        stored = [
            Assigned(None)
            for base, _ in self.flow.stores.get(name, ())
            if owner.parent is None and Mod(owner) in self.flow.values[base]
        ]
        return everywhere(owner, name) + elsewhere + stored

    def _given(self, given: Assigned, name: str, owner: Scope, frame: Frame | None) -> Value:
        if given.how == "parameter":
            return self._parameter(owner, name, frame)
        if given.value is None:
            return None
        inner = frame
        if frame is not None and frame.function is not owner.node:
            inner = None if not self._is_within(owner, frame) else frame
        if given.how == "added":
            before = ast.Name(name, ast.Load())
            tree = self.tree(owner)
            tree.parents[before] = given.node or given.value
            scope = self.scope_of(given.value)
            earlier = self._assigned(before, name, scope, owner) or []
            del tree.parents[before]
            base = any_of(
                [
                    self._given(each, name, owner, inner)
                    for each in earlier
                    if each.node is not given.node
                ]
            )
            is_looped = any(each.node is given.node for each in earlier)
            if is_looped or not is_recipe(base):
                return Anything()
            return joined([text(base), self.text(given.value, inner)])
        return self._guarded(given.value, given.way, inner)

    def _is_within(self, scope: Scope, frame: Frame) -> bool:
        above: Scope | None = scope
        while above is not None and above.node is not frame.function:
            above = above.parent
        return above is not None

    def _parameter(self, function: Scope, name: str, frame: Frame | None) -> Value:
        if frame is not None and frame.function is function.node:
            return dict(frame.given).get(name)
        node = function.node
        if not isinstance(node, FUNCTIONS):
            return None
        place, default = _place(node, name)
        if place is None and default is None:
            return None
        options: list[Value] = []
        if function in self.entries and place == self._first(function):
            options.append(Anything() if self.flow.is_changed else Brought(()))
        elif function in self.flow.indirect:
            return None
        for caller in self.flow.callers.get(function, ()):
            options.append(self._argument(node, name, caller.call, caller.bound, None))
        return any_of(options) if options else None

    def _first(self, function: Scope) -> int:
        return int(function.parent is not None and function.parent.is_class)

    def _argument(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        name: str,
        call: ast.Call,
        bound: bool,
        frame: Frame | None,
    ) -> Value:
        """What a call gives a parameter."""
        place, default = _place(node, name)
        is_spread = any(isinstance(each, ast.Starred) for each in call.args)
        if is_spread or any(keyword.arg is None for keyword in call.keywords):
            return None
        for keyword in call.keywords:
            if keyword.arg == name:
                return self.value(keyword.value, frame)
        if place is not None and 0 <= place - bound < len(call.args):
            return self.value(call.args[place - bound], frame)
        return self.value(default) if default is not None else None

    def _attribute(
        self, node: ast.Attribute, base: ast.expr, name: str, frame: Frame | None
    ) -> Value:
        holders = self.flow.values[base]
        if Named("os.environ") in self.flow.values[node]:
            return Environment() if len(self.flow.values[node]) == 1 else None
        if not holders:
            of = self.value(base, frame)
            return methods.of_path(of, name, ()) if isinstance(of, FilePath) else None
        if not all(isinstance(each, (Inst, Cls, Mod, Super)) for each in holders):
            return None
        name = self.scope_of(node).mangled(name)
        if "*" in self.flow.stores:
            return None
        options: list[Value] = []
        for _, target in self.flow.stores.get(name, ()):
            options.append(self._stored(target))
        for each in holders:
            scope = each.scope if isinstance(each, (Mod, Cls)) else each.of.scope  # type: ignore[union-attr]
            options += [self._given(a, name, scope, None) for a in everywhere(scope, name)]
        return any_of(options) if options else None

    def _stored(self, target: ast.AST) -> Value:
        statement = self.tree_of(target).parents[target]
        match statement:
            case ast.Assign(targets=targets, value=value) if target in targets:
                return self.value(value)
            case ast.AnnAssign(value=ast.expr() as value):
                return self.value(value)
        return None

    def _returned(self, function: Scope, call: ast.Call, bound: bool, frame: Frame | None) -> Value:
        node = function.node
        if not isinstance(node, FUNCTIONS):
            return None
        arguments = tuple(
            (each.arg, self._argument(node, each.arg, call, bound, frame))
            for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        )
        inner = Frame(node, arguments)
        if isinstance(node, ast.Lambda):
            return self.value(node.body, inner)
        self._nested += 1
        try:
            if self._nested > CALLS or falls_through(node.body):
                return None
            returned = [*_returns(node)]
            return any_of([self.value(each, inner) if each else None for each in returned])
        finally:
            self._nested -= 1

    def _builtin(self, callee: ast.expr, *names: str) -> bool:
        values = self.flow.values[callee]
        return bool(values) and all(isinstance(v, Builtin) and v.name in names for v in values)


def _place(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str
) -> tuple[int | None, ast.expr | None]:
    """Where a parameter stands, if it may stand anywhere, and what it is without an argument."""
    spec = node.args
    positional = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    if name in positional:
        place = positional.index(name)
        from_end = place - len(positional) + len(spec.defaults)
        return place, spec.defaults[from_end] if from_end >= 0 else None
    for each, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if each.arg == name:
            return None, default or ast.Constant(None)
    return None, None


def _returns(node: ast.AST) -> Iterator[ast.expr | None]:
    """What a function returns; nothing of a generator is told."""
    waiting: list[ast.AST] = [*getattr(node, "body", ())]
    while waiting:
        now = waiting.pop()
        if isinstance(now, ast.Return):
            yield now.value
        elif isinstance(now, (ast.Yield, ast.YieldFrom)):
            yield None
        if not isinstance(now, (*FUNCTIONS, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(now))


def falls_through(body: Sequence[ast.stmt]) -> bool:
    """Whether what stands after statements may be reached."""
    match body[-1]:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return False
        case ast.If(body=inner, orelse=orelse) if orelse:
            return falls_through(inner) or falls_through(orelse)
        case ast.Try(body=inner, handlers=handlers, finalbody=[]):
            return falls_through(inner) or any(falls_through(each.body) for each in handlers)
    return True
