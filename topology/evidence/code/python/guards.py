"""Conditions on what the event brings that stand before a call: told, and never relied on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from topology.evidence.code.python.holding import falls_through
from topology.evidence.code.python.reaching import bodies
from topology.evidence.code.python.texts import Texts
from topology.evidence.code.texts import is_recipe
from topology.sets.made import described
from topology.sets.recipes import Brought, Recipe

MOST = 3
WORDS = {"endswith": "ends with", "startswith": "starts with"}


def guard(texts: Texts, call: ast.AST) -> str:
    """In words, which conditions on its input the code makes before a call, and where."""
    try:
        found = [*dict.fromkeys(_conditions(texts, call))]
    except LookupError:
        return ""
    return "; ".join(found[:MOST])


def _conditions(texts: Texts, call: ast.AST) -> Iterator[str]:
    tree = texts.tree_of(call)
    for outer, child in tree.above(call):
        if isinstance(outer, (ast.If, ast.IfExp)) and child is not outer.test:
            inner: list[ast.AST] = [*outer.body] if isinstance(outer, ast.If) else [outer.body]
            yield from _told(texts, outer.test, child not in inner)
        for body in bodies(outer):
            if child in body:
                for before in body[: body.index(child)]:
                    if (
                        isinstance(before, ast.If)
                        and not before.orelse
                        and not falls_through(before.body)
                    ):
                        yield from _told(texts, before.test, True)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return


def _told(texts: Texts, test: ast.expr, is_turned: bool) -> Iterator[str]:
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, is_turned = test.operand, not is_turned
    if (words := _words(texts, test)) is not None:
        path = texts.scope_of(test).source.path
        yield f"{'not ' if is_turned else ''}if {words}, {path}:{test.lineno}"


def _words(texts: Texts, test: ast.expr) -> str | None:
    match test:
        case ast.Call(func=ast.Attribute(value=of, attr=name), args=[wanted]) if name in WORDS:
            if (left := _brought(texts, of)) is not None:
                return f"{described(left)} {WORDS[name]} {described(texts.text(wanted))}"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = [_brought(texts, each) for each in (left, right)]
            if any(side is not None for side in sides):
                shown = [described(texts.text(each)) for each in (left, right)]
                how = {ast.Eq: "is", ast.NotEq: "is not", ast.In: "is in", ast.NotIn: "is not in"}
                return f"{shown[0]} {how.get(type(op), 'compares with')} {shown[1]}"
    if any(
        _brought(texts, each) is not None for each in ast.walk(test) if isinstance(each, ast.Name)
    ):
        return "what the event brings meets a condition"
    return None


def _brought(texts: Texts, node: ast.expr) -> Recipe | None:
    """A text that is made of what the event brings."""
    value = texts.value(node)
    if not is_recipe(value):
        return None
    waiting: list[object] = [value]
    while waiting:
        now = waiting.pop()
        if isinstance(now, Brought):
            return value
        waiting += [
            getattr(now, "of", None),
            *getattr(now, "parts", ()),
            *getattr(now, "options", ()),
        ]
        waiting = [each for each in waiting if each is not None]
    return None
