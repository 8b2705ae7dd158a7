"""Which names a module's scopes bind, and which scope a name belongs to.

Source: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from topology.evidence.code.python.sources import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef)


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function or comprehension and the names that it binds."""

    source: Source
    node: ast.AST
    parent: Scope | None
    names: set[str] = field(default_factory=set)
    outside: dict[str, str] = field(default_factory=dict)  # name: "global" or "nonlocal"

    @property
    def is_class(self) -> bool:
        """Whether its names are attributes."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def module(self) -> Scope:
        """The module's own scope."""
        return self if self.parent is None else self.parent.module

    @property
    def function(self) -> Scope:
        """The nearest function, class or module: what a walrus in a comprehension binds in."""
        if isinstance(self.node, COMPREHENSIONS) and self.parent is not None:
            return self.parent.function
        return self

    def owner(self, name: str) -> Scope | None:
        """The scope that a name read here belongs to; None: Python's own, or a star's."""
        if self.outside.get(name) == "global":
            return self.module if name in self.module.names else None
        if name in self.names and name not in self.outside:
            return self
        above = self.parent
        while above is not None:
            if name in above.names and name not in above.outside and not above.is_class:
                return above
            above = above.parent
        return None

    def mangled(self, name: str) -> str:
        """An attribute's name as a class makes it its own: ``__client``."""
        if not name.startswith("__") or name.endswith("__"):
            return name
        scope: Scope | None = self
        while scope is not None and not isinstance(scope.node, ast.ClassDef):
            scope = scope.parent
        if scope is None or not isinstance(scope.node, ast.ClassDef):
            return name
        return f"_{scope.node.name.lstrip('_')}{name}"


def scopes(source: Source) -> dict[ast.AST, Scope]:
    """Every scope of a module by the node that opens it."""
    found: dict[ast.AST, Scope] = {}
    _Binder(source, found).visit_module()
    return found


def parameters(function: Function) -> Iterator[ast.arg]:
    """Every parameter in order, the starred ones last."""
    given = function.args
    yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
    yield from filter(None, (given.vararg, given.kwarg))


class _Binder:
    def __init__(self, source: Source, found: dict[ast.AST, Scope]) -> None:
        self.source = source
        self.found = found

    def visit_module(self) -> None:
        tree = self.source.tree
        scope = self.found[tree] = Scope(self.source, tree, None)
        scope.names.update(("__name__", "__file__", "__doc__"))
        for statement in tree.body:
            self._visit(statement, scope)

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, SCOPES):
            self._open(node, scope)
            return
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                scope.names.add(name)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                scope.function.names.add(name)
                self._visit(value, scope)
                return
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                is_from = isinstance(node, ast.ImportFrom)
                for alias in names:
                    name = alias.name if is_from else alias.name.partition(".")[0]
                    scope.names.add(alias.asname or name)
            case ast.Global(names=given):
                scope.outside.update(dict.fromkeys(given, "global"))
                scope.module.names.update(given)
            case ast.Nonlocal(names=given):
                scope.outside.update(dict.fromkeys(given, "nonlocal"))
            case ast.ExceptHandler(name=str(name)):
                scope.names.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                scope.names.add(name)
            case ast.MatchMapping(rest=str(name)):
                scope.names.add(name)
        for child in ast.iter_child_nodes(node):
            self._visit(child, scope)

    def _open(self, node: ast.AST, outer: Scope) -> None:
        inner = self.found[node] = Scope(self.source, node, outer)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            outer.names.add(node.name)
            inner.names.update(each.name for each in getattr(node, "type_params", ()))
        if isinstance(node, FUNCTIONS):
            inner.names.update(each.arg for each in parameters(node))
            body = node.body if isinstance(node.body, list) else [node.body]
            self._each(body, inner)
            outside = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            outside += [each.annotation for each in parameters(node) if each.annotation]
            outside += getattr(node, "decorator_list", ())
            outside += filter(None, [getattr(node, "returns", None)])
            self._each(outside, outer)
        elif isinstance(node, ast.ClassDef):
            self._each(node.body, inner)
            self._each([*node.bases, *node.keywords, *node.decorator_list], outer)
        elif isinstance(node, COMPREHENSIONS):
            first = node.generators[0].iter
            self._visit(first, outer)  # the first is made outside
            for generator in node.generators:
                self._visit(generator.target, inner)
                self._each(generator.ifs, inner)
            for generator in node.generators[1:]:
                self._visit(generator.iter, inner)
            made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            self._each(made, inner)

    def _each(self, nodes: list[ast.stmt] | list[ast.AST] | list[ast.expr], scope: Scope) -> None:
        for node in nodes:
            self._visit(node, scope)
