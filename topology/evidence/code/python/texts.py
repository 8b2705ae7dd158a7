"""What expressions make of the event, the environment and literals, as recipes.

What is assigned on the way is followed within a function; attributes and parameters hold whatever
they are given anywhere.
"""

from __future__ import annotations

import ast

from topology.evidence.code.python import methods
from topology.evidence.code.python.holding import Holding
from topology.evidence.code.python.objects import Box, Builtin, Fn, Named
from topology.evidence.code.python.reaching import (
    Way,
)
from topology.evidence.code.python.values import (
    Environment,
    FilePath,
    Frame,
    Literal,
    Value,
    any_of,
    cut,
    piece,
    text,
)
from topology.evidence.code.texts import either, is_recipe, joined
from topology.sets.recipes import (
    Anything,
    Brought,
    Known,
    Recipe,
    Setting,
)

DEEPEST = 40  # expressions within each other, over assignments and calls
MAX_WORK = 200_000
ALIKE = ("reversed", "sorted", "list", "tuple", "iter", "set")  # what gives the same elements


class Texts(Holding):
    """The values of expressions, asked for one by one."""

    def text(self, node: ast.expr | None, frame: Frame | None = None) -> Recipe:
        """An expression as a text."""
        return text(self.value(node, frame)) if node is not None else Anything()

    def value(self, node: ast.expr, frame: Frame | None = None) -> Value:
        """What an expression gives; None: nothing that is understood."""
        return self._guarded(node, (), frame)

    def _guarded(self, node: ast.expr, way: Way, frame: Frame | None) -> Value:
        asked = (node, frame, way)
        self._work += 1
        if asked in self._now or self._depth > DEEPEST or self._work > MAX_WORK:
            return None
        self._now.add(asked)
        self._depth += 1
        try:
            return self._follow(node, way, frame) if way else self._value(node, frame)
        finally:
            self._depth -= 1
            self._now.discard(asked)

    def _value(self, node: ast.expr, frame: Frame | None) -> Value:
        match node:
            case ast.Constant(value=str() as known):
                return Known(known)
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                return Known(str(number)) if abs(number) < 10**15 else Anything()
            case ast.JoinedStr(values=parts):
                return joined(self._shown(part, frame) for part in parts)
            case ast.Name(id=name):
                return self._name(node, name, frame)
            case ast.Attribute(value=base, attr=name):
                return self._attribute(node, base, name, frame)
            case ast.Subscript(value=base, slice=key):
                return self._subscript(base, key, frame)
            case ast.Call():
                return self._call(node, frame)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = [self.value(each, frame) for each in (left, right)]
                return joined(map(text, sides)) if any(map(is_recipe, sides)) else None
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                given = right.elts if isinstance(right, ast.Tuple) else [right]
                values = [self.value(each, frame) for each in given]
                return methods.percent(self.text(left, frame), values)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                of = self.value(left, frame)
                if not isinstance(of, FilePath):
                    return None
                return methods.below(of, self.value(right, frame))
            case ast.IfExp(body=body, orelse=orelse):
                return any_of([self.value(body, frame), self.value(orelse, frame)])
            case ast.BoolOp(values=values):
                return any_of([self.value(each, frame) for each in values])
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                return self.value(value, frame)
            case ast.List() | ast.Tuple() | ast.Dict():
                return Literal(node, frame) if Box(node) not in self.flow.rewritten else None
        return None

    def _shown(self, part: ast.expr, frame: Frame | None) -> Recipe:
        if not isinstance(part, ast.FormattedValue):
            return self.text(part, frame)
        is_plain = part.conversion in (-1, ord("s")) and part.format_spec is None
        return methods.shown(self.value(part.value, frame)) if is_plain else Anything()

    def _follow(self, node: ast.expr, way: Way, frame: Frame | None) -> Value:
        first, *rest = way
        value: Value = None
        if first == "*":
            match node:
                case ast.Call(func=callee, args=[inner, *_]) if self._builtin(callee, "enumerate"):
                    if rest and rest[0] == -1:
                        return self._guarded(inner, ("*", *rest[1:]), frame)
                    return None
                case ast.Call(func=callee, args=[inner, *_]) if self._builtin(callee, *ALIKE):
                    return self._guarded(inner, way, frame)
            value = self.element(self.value(node, frame))
        else:
            value = self._into(self.value(node, frame), first)
        for step in rest:
            value = self.element(value) if step == "*" else self._into(value, step)
        return value

    def element(self, value: Value) -> Value:
        """Some element of a value."""
        match value:
            case Brought(path):
                return Brought((*path, "*"))
            case Literal(node=ast.List(elts=parts) | ast.Tuple(elts=parts), frame=frame):
                if any(isinstance(part, ast.Starred) for part in parts):
                    return None
                return any_of([self.value(part, frame) for part in parts])
            case Literal(node=ast.Dict(keys=keys), frame=frame):
                return any_of([self.value(key, frame) if key else None for key in keys])
        return None

    def _into(self, value: Value, step: int | str) -> Value:
        match value, step:
            case Brought(path), int() | str():
                if isinstance(step, int):
                    return Brought((*path, "*"))
                return Brought((*path, step)) if step != "?" else None
            case Literal(node=ast.List(elts=parts) | ast.Tuple(elts=parts), frame=frame), int():
                is_plain = not any(isinstance(part, ast.Starred) for part in parts)
                is_there = is_plain and -len(parts) <= step < len(parts)
                return self.value(parts[step], frame) if is_there else None
            case Literal(node=ast.Dict()), str() | int():
                return self.entry(value, step)
            case Environment(), str():
                is_reset = step in self.flow.reset or "*" in self.flow.reset
                return Anything() if is_reset else Setting(step)
        return piece(value, step) if isinstance(step, int) else None

    def entry(self, value: Literal, key: int | str) -> Value:
        """What a dict holds under a key; None where that is not told, or nothing is there."""
        if not isinstance(value.node, ast.Dict):
            return None
        for name, held in zip(reversed(value.node.keys), reversed(value.node.values), strict=True):
            if name is None:
                inner = self.value(held, value.frame)
                if not isinstance(inner, Literal) or not isinstance(inner.node, ast.Dict):
                    return None
                if self.has(inner, key) is not False:
                    return self.entry(inner, key)
            elif isinstance(name, ast.Constant):
                if name.value == key:
                    return self.value(held, value.frame)
            else:
                return None
        return None

    def has(self, value: Literal, key: int | str) -> bool | None:
        """Whether a dict holds a key; None: not known."""
        if not isinstance(value.node, ast.Dict):
            return None
        for name, held in zip(value.node.keys, value.node.values, strict=True):
            if isinstance(name, ast.Constant):
                if name.value == key:
                    return True
                continue
            inner = self.value(held, value.frame) if name is None else None
            if not isinstance(inner, Literal) or not isinstance(inner.node, ast.Dict):
                return None
            if (found := self.has(inner, key)) is not False:
                return found
        return False

    def _subscript(self, base: ast.expr, key: ast.expr, frame: Frame | None) -> Value:
        of = self.value(base, frame)
        match key:
            case ast.Slice(lower=lower, upper=upper, step=None):
                bounds = [self.number(each) if each else None for each in (lower, upper)]
                is_told = all(
                    (each is None) == (bound is None)
                    for each, bound in zip((lower, upper), bounds, strict=True)
                )
                return cut(of, *bounds) if is_told else (Anything() if is_recipe(of) else None)
            case ast.Slice():
                return Anything() if is_recipe(of) else None
        step = self.key(key, frame)
        if step is not None:
            return self._into(of, step)
        if isinstance(of, Brought):
            return Brought((*of.path, "*"))
        if isinstance(of, Literal) and isinstance(of.node, ast.Dict):
            return any_of([self.value(each, of.frame) for each in of.node.values])
        return self.element(of) if isinstance(of, Literal) else Anything() if of else None

    def key(self, node: ast.expr, frame: Frame | None) -> int | str | None:
        """A key or an index that is told."""
        if (number := self.number(node)) is not None:
            return number
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        value = self.value(node, frame)
        return value.text if isinstance(value, Known) and not value.text.isdigit() else None

    def number(self, node: ast.expr | None) -> int | None:
        """A whole number as it is written; of a literal text's ``len`` too."""
        match node:
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                return number
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                positive = self.number(inner)
                return None if positive is None else -positive
            case ast.Call(func=ast.Name(id="len") as callee, args=[ast.Constant(value=str(known))]):
                return len(known) if self._builtin(callee, "len") else None
        return None

    def _call(self, node: ast.Call, frame: Frame | None) -> Value:
        given = [self.value(each, frame) for each in node.args]
        named = {each.arg or "**": self.value(each.value, frame) for each in node.keywords}
        numbers = [self.number(each) for each in node.args]
        if any(isinstance(each, ast.Starred) for each in node.args):
            return None
        callees = list(self.flow.values[node.func])
        if len(callees) == 1:
            match callees[0]:
                case Fn(scope=function, bound=bound):
                    return self._returned(function, node, bound, frame)
                case Named(path=path):
                    if path == "os.environ.get" and self.flow.reset:
                        return Anything()
                    return methods.of_function(path, given, named, numbers)
                case Builtin(name="str") if len(given) == 1:
                    return methods.shown(given[0])
        if not isinstance(node.func, ast.Attribute):
            return None
        of, name = self.value(node.func.value, frame), node.func.attr
        if isinstance(of, FilePath):
            return methods.of_path(of, name, given)
        if isinstance(of, Literal) and name == "get" and isinstance(of.node, ast.Dict) and given:
            values = [self.value(each, of.frame) for each in of.node.values]
            return any_of([*values, *(given[1:] or [None])])
        if isinstance(of, Brought) and name == "get" and isinstance(given[0], Known):
            found = self._into(of, given[0].text)
            default = given[1] if len(given) > 1 else None
            return either([text(found), default]) if is_recipe(default) else found
        if isinstance(of, Brought) and name == "values" and not given:
            return of
        return methods.of_text(of, name, given, named, numbers) if is_recipe(of) else None
