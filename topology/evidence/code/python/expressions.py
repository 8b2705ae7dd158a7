"""What may flow where in expressions.

Source: https://docs.python.org/3/reference/expressions.html
"""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Hashable

from topology.evidence.code.python.calling import Calling
from topology.evidence.code.python.objects import Box, Fn
from topology.evidence.code.python.scopes import Comprehension, Function, Scope
from topology.evidence.code.python.solver import Place

NOT_KNOWN = "This is written in a way that is not known here."
THROWING = ("throw", "athrow", "set_exception")


class Expressions(Calling):
    """The constraints of expressions."""

    @abstractmethod
    def _function(self, node: Function, scope: Scope) -> Fn:
        """A function or lambda, with its body taken in."""

    @abstractmethod
    def _assign(
        self, target: ast.expr, held: Place, scope: Scope, value: ast.expr | None = None
    ) -> None:
        """Something is assigned."""

    def _expr(self, node: ast.expr, scope: Scope) -> Place:
        """The place of what an expression gives."""
        match node:
            case ast.Constant() | ast.JoinedStr() | ast.FormattedValue():
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._expr(child, scope)
            case ast.Name(id=name):
                self.name(name, node, scope)
            case ast.Attribute(value=base, attr=name):
                self.attribute(self._expr(base, scope), scope.mangled(name), node, node, scope)
            case ast.Call():
                self._call(node, scope)
            case ast.Subscript(value=base, slice=key):
                self._expr(key, scope)
                self.flow(self.taken(node, self._expr(base, scope), constant(key)), node)
                self.flow(self.operated(("key", node), node.value, key), node)
            case ast.BoolOp(values=values):
                for value in values:
                    self.flow(self._expr(value, scope), node)
            case ast.BinOp(left=left, right=right):
                self.operated(node, self._expr(left, scope), self._expr(right, scope))
            case ast.UnaryOp(operand=operand):
                self.operated(node, self._expr(operand, scope))
            case ast.Compare(left=left, comparators=others):
                self.operated(node, *(self._expr(each, scope) for each in (left, *others)))
            case ast.IfExp():
                self._expr(node.test, scope)
                self.flow(self._expr(node.body, scope), node)
                self.flow(self._expr(node.orelse, scope), node)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self.flow(self._expr(value, scope), node)
                owner = scope.function.owner(name) or scope.module
                self.flow(node, ("name", owner, name))
            case ast.Lambda():
                self.add(node, self._function(node, scope))
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                self._display(node, parts, scope)
            case ast.Dict(keys=keys, values=values):
                self.add(node, Box(node))
                for given, value in zip(keys, values, strict=True):
                    held = self._expr(value, scope)
                    if given is None:
                        self.hold(Box(node), None, self.taken(value, held))
                    else:
                        self.hold(Box(node), None, self._expr(given, scope))
                        self.hold(Box(node), constant(given), held)
            case ast.Starred(value=inner):
                self.flow(self.taken(node, self._expr(inner, scope)), node)
            case ast.Await(value=inner):
                held = self._expr(inner, scope)
                self.flow(self.taken(node, held), node)
                self.flow(held, node)
            case ast.Yield(value=inner):
                made = Box(scope.function.node)
                if inner is not None:
                    self.hold(made, None, self._expr(inner, scope))
                self.add(("returned", scope.function), made)
                self.flow(("held", made, None), node)
            case ast.YieldFrom(value=inner):
                made = Box(scope.function.node)
                held = self._expr(inner, scope)
                self.add(("returned", scope.function), made)
                self.hold(made, None, self.taken(node, held))
                self.flow(("held", made, None), node)
            case ast.Slice():
                for part in filter(None, (node.lower, node.upper, node.step)):
                    self._expr(part, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scope)
            case _:
                self.doubt(node, scope, NOT_KNOWN)
        return node

    def _display(self, node: ast.expr, parts: list[ast.expr], scope: Scope) -> None:
        self.add(node, Box(node))
        is_counted = not isinstance(node, ast.Set)
        for number, part in enumerate(parts):
            is_counted = is_counted and not isinstance(part, ast.Starred)
            held = self._expr(part, scope)
            self.hold(Box(node), number if is_counted else None, held)

    def _comprehension(self, node: Comprehension, scope: Scope) -> None:
        inner = self.scopes[node]
        for number, generator in enumerate(node.generators):
            held = self._expr(generator.iter, inner if number else scope)
            self._assign(generator.target, self.taken(generator, held), inner)
            for test in generator.ifs:
                self._expr(test, inner)
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for each in made:
            self.hold(Box(node), None, self._expr(each, inner))
        self.add(node, Box(node))

    def _call(self, node: ast.Call, scope: Scope) -> None:
        if isinstance(node.func, ast.Attribute):
            self.called[node.func] = node
        callee = self._expr(node.func, scope)
        given: list[Place] = [self._expr(each, scope) for each in node.args]
        named: dict[str | None, Place] = {}
        for keyword in node.keywords:
            held = self._expr(keyword.value, scope)
            if keyword.arg is None:
                spread = ("spread", keyword)
                self.flow(self.taken(keyword, held), spread)
                held = spread
            if keyword.arg in named:
                self.flow(held, named[keyword.arg])
            else:
                named[keyword.arg] = held
        if isinstance(node.func, ast.Attribute) and node.func.attr in THROWING:
            for held in given:
                self.flow(held, "raised")
        self.call(node, callee, given, named, node, scope)


def constant(key: ast.expr) -> Hashable:
    """A key that is a literal; None: any."""
    match key:
        case ast.Constant(value=str() | int() as value) if not isinstance(value, bool):
            return value
    return None
