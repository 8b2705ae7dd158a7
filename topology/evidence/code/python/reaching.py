"""Which assignments of a name may be what it holds where it is read.

Alfred V. Aho et al., Compilers, 2nd edition, §9.2.4 (reaching definitions), on the tree itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from topology.evidence.code.python.scopes import COMPREHENSIONS, FUNCTIONS, SCOPES, Scope

Way = tuple[int | str, ...]  # into what is assigned: numbers unpack, "*" is any element


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a name is given: an expression and the way into it, or nothing that is told."""

    value: ast.expr | None
    way: Way = ()
    how: Literal["given", "parameter", "added"] = "given"
    node: ast.AST | None = None  # where it happens


class Tree:
    """A module's tree, to be gone up as well as down."""

    def __init__(self, tree: ast.Module) -> None:
        self.parents: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node

    def above(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Every node around one, with the child that leads to it."""
        while node in self.parents:
            outer = self.parents[node]
            yield outer, node
            node = outer

    def statement(self, node: ast.AST) -> ast.AST:
        """The statement around an expression."""
        while not isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            node = self.parents[node]
        return node


def assigned(node: ast.AST, name: str) -> Iterator[Assigned]:
    """Every assignment of a name in a statement and all that is in it, but not in other scopes."""
    for each in _own(node):
        yield from _directly(each, name)


def reaching(tree: Tree, scope: Scope, name: str, use: ast.AST) -> list[Assigned] | None:
    """What a name of a scope may hold where it is read in it; None: nothing is told of it."""
    found: list[Assigned] = []
    now = use
    for outer, child in tree.above(use):
        for body in bodies(outer):
            if child in body:
                place = body.index(child)
                for before in reversed(body[:place]):
                    given = [*assigned(before, name)]
                    found += given
                    if given and any(_surely(before, each) for each in given):
                        return found
        if isinstance(outer, (ast.For, ast.AsyncFor)) and child is not outer.iter:
            own = [*_targets(outer.target, outer.iter, ("*",), name, outer)]
            if own and child in outer.body:
                return found + own
            found += own
        if isinstance(outer, (ast.For, ast.AsyncFor, ast.While)) and child is not getattr(
            outer, "iter", None
        ):
            found += [each for each in assigned(outer, name) if each not in found]
        if isinstance(outer, (ast.With, ast.AsyncWith)) and child in outer.body:
            own = [each for item in outer.items for each in _directly(item, name)]
            if own:
                return found + own
        if isinstance(outer, (ast.Try, ast.TryStar)) and child not in outer.body:
            inner = [*outer.body, *outer.handlers, *outer.orelse]
            found += [each for part in inner for each in assigned(part, name)]
        if isinstance(outer, ast.ExceptHandler) and outer.name == name:
            return [*found, Assigned(None)]
        if isinstance(outer, ast.match_case):
            found += [
                each
                for part in (outer.pattern, outer.guard)
                if part
                for each in assigned(part, name)
            ]
        if isinstance(outer, ast.Match):  # what fails may have bound names
            found += [e for case in outer.cases for e in assigned(case.pattern, name)]
        if isinstance(outer, (ast.If, ast.While)) and child is not outer.test:
            found += [each for each in assigned(outer.test, name) if each not in found]
        if isinstance(outer, COMPREHENSIONS) and outer is scope.node:
            own = [
                e
                for part in outer.generators
                for e in _targets(part.target, part.iter, ("*",), name, part)
            ]
            return own or None
        if isinstance(outer, ast.expr) and not isinstance(outer, SCOPES):
            walrus = [*assigned(outer, name)]
            found += [each for each in walrus if each not in found]
        now = outer
        if outer is scope.node:
            break
    if isinstance(now, FUNCTIONS) and name in {
        each.arg for each in ast.walk(now.args) if isinstance(each, ast.arg)
    }:
        found.append(Assigned(None, how="parameter", node=now))
    return found or None


def everywhere(scope: Scope, name: str) -> list[Assigned]:
    """Every assignment of a name in the scope it belongs to, whenever it happens."""
    node = scope.node
    if isinstance(node, COMPREHENSIONS):
        return [
            each
            for part in node.generators
            for each in _targets(part.target, part.iter, ("*",), name, part)
        ]
    body = getattr(node, "body", [])
    found = [
        e for part in (body if isinstance(body, list) else [body]) for e in assigned(part, name)
    ]
    if isinstance(node, FUNCTIONS) and name in {
        a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)
    }:
        found.append(Assigned(None, how="parameter", node=node))
    return found


def _own(node: ast.AST) -> Iterator[ast.AST]:
    waiting = [node]
    while waiting:
        now = waiting.pop()
        yield now
        if not isinstance(now, SCOPES):
            waiting.extend(ast.iter_child_nodes(now))
        elif isinstance(now, COMPREHENSIONS):  # a walrus in it binds outside
            waiting.extend(each for each in ast.walk(now) if isinstance(each, ast.NamedExpr))
        elif isinstance(now, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting.extend(now.decorator_list)


def _directly(node: ast.AST, name: str) -> Iterator[Assigned]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _targets(target, value, (), name, node)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _targets(target, value, (), name, node)
        case ast.AugAssign(target=ast.Name(id=found), value=value) if found == name:
            is_added = isinstance(node.op, ast.Add)
            yield Assigned(value if is_added else None, how="added", node=node)
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield from _targets(target, value, ("*",), name, node)
        case ast.withitem(optional_vars=ast.expr() as target):
            for each in _targets(target, node.context_expr, (), name, node):
                yield Assigned(None, node=each.node)
        case ast.NamedExpr(target=ast.Name(id=found), value=value) if found == name:
            yield Assigned(value, node=node)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            if name in {each.asname or each.name.partition(".")[0] for each in names}:
                yield Assigned(None, node=node)
            elif "*" in {each.name for each in names}:
                yield Assigned(None, node=names[0])
        case (
            ast.FunctionDef(name=found)
            | ast.AsyncFunctionDef(name=found)
            | ast.ClassDef(name=found)
        ):
            if found == name:
                yield Assigned(None, node=node)
        case (
            ast.ExceptHandler(name=found)
            | ast.MatchAs(name=found)
            | ast.MatchStar(name=found)
            | ast.MatchMapping(rest=found)
        ):
            if found == name:
                yield Assigned(None, node=node)
        case ast.Delete(targets=targets):
            for target in targets:
                yield from (
                    Assigned(None, node=node) for _ in _targets(target, target, (), name, node)
                )


def _targets(
    target: ast.expr, value: ast.expr, way: Way, name: str, node: ast.AST
) -> Iterator[Assigned]:
    match target:
        case ast.Name(id=found) if found == name:
            yield Assigned(value, way, node=node)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            starred = any(isinstance(part, ast.Starred) for part in parts)
            for number, part in enumerate(parts):
                is_last = number == len(parts) - 1 and not starred
                index: int | str = "?" if starred else -1 if is_last and number else number
                yield from _targets(part, value, (*way, index), name, node)
        case ast.Starred(value=inner):
            for each in _targets(inner, value, way, name, node):
                yield Assigned(None, node=each.node)


def _surely(statement: ast.AST, given: Assigned) -> bool:
    """Whether a statement always gives the name this."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return given.node is statement
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return False
    return given.node is statement and isinstance(
        statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    )


def bodies(node: ast.AST) -> Iterator[list[ast.AST]]:
    """The lists of statements in a statement."""
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if isinstance(body, list):
            yield body
