"""What the arguments of a request are, as texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from topology.evidence.code.parameters import CONDITIONS
from topology.evidence.code.python.flow import Flow
from topology.evidence.code.python.objects import Named
from topology.evidence.code.python.texts import Texts
from topology.evidence.code.python.values import Literal, Value, text
from topology.sets.recipes import Anything, Known, Recipe

SUBMITTING = ("submit", "to_thread")
Part = tuple[str, str, Recipe, Recipe | None, tuple[tuple[str, Recipe], ...]]


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a call: by name and by place; ``None``: not told."""

    named: dict[str, ast.expr] | None
    placed: tuple[ast.expr, ...]
    spread: tuple[Literal, ...] = ()


class Arguments:
    """Looks into the arguments of calls."""

    def __init__(self, flow: Flow, texts: Texts) -> None:
        self.flow = flow
        self.texts = texts

    def named(self, call: ast.Call, names: tuple[str, ...], place: int) -> Recipe:
        for keyword in call.keywords:
            if keyword.arg in names:
                return self.texts.text(keyword.value)
        if len(call.args) > place and not any(isinstance(a, ast.Starred) for a in call.args):
            return self.texts.text(call.args[place])
        return Anything()

    def parameters(self, call: ast.Call | None) -> Given:
        """The parameters that a presigned address is for."""
        value = None
        for keyword in call.keywords if call is not None else ():
            if keyword.arg == "Params":
                value = self.texts.value(keyword.value)
        if value is None and call is not None and len(call.args) > 1:
            value = self.texts.value(call.args[1])
        return self._of_dict(value)

    def given(self, call: ast.Call | None) -> Given:
        if call is None:
            return Given(None, ())
        named: dict[str, ast.expr] = {}
        spread: list[Literal] = []
        for keyword in call.keywords:
            if keyword.arg is not None:
                named[keyword.arg] = keyword.value
                continue
            value = self.texts.value(keyword.value)
            if not isinstance(value, Literal) or not isinstance(value.node, ast.Dict):
                return Given(None, ())
            spread.append(value)
        if any(isinstance(each, ast.Starred) for each in call.args):
            return Given(None, ())
        is_submitted = isinstance(call.func, ast.Attribute) and call.func.attr in SUBMITTING
        placed = () if is_submitted and call not in self.flow.called.values() else tuple(call.args)
        return Given(named, placed, tuple(spread))

    def submitted(self, node: ast.AST) -> ast.Call | None:
        """A call that hands an operation over with its arguments: ``submit(s3.put_object, …)``."""
        try:
            outer = self.texts.tree_of(node).parents[node]
        except LookupError:
            return None
        match outer:
            case ast.Call(func=ast.Attribute(attr="submit"), args=[first, *_]) if first is node:
                return ast.Call(ast.Name("", ast.Load()), outer.args[1:], outer.keywords)
            case ast.Call(func=callee, args=[first, *_]) if first is node and callee is not node:
                if self.flow.values[callee] == {Named("asyncio.to_thread"): None}:
                    return ast.Call(ast.Name("", ast.Load()), outer.args[1:], outer.keywords)
        return None

    def _of_dict(self, value: Value) -> Given:
        if isinstance(value, Literal) and isinstance(value.node, ast.Dict):
            return Given({}, (), (value,))
        return Given(None, ())

    def _value(self, given: Given, name: str) -> tuple[bool | None, Value]:
        """Whether a parameter is given, and its value."""
        if given.named is None:
            return None, None
        if name in given.named:
            return True, self.texts.value(given.named[name])
        for literal in given.spread:
            has = self.texts.has(literal, name)
            if has is not False:
                return has, self.texts.entry(literal, name) if has else None
        return False, None

    def one(self, given: Given, names: tuple[str, ...], place: int | None = None) -> Recipe:
        """The text of the first parameter that is there; every doubt whether it is: any text."""
        for name in names:
            has, value = self._value(given, name)
            if has is None:
                return Anything()
            if has:
                return text(value)
        if place is not None and place < len(given.placed):
            return self.texts.text(given.placed[place])
        return Anything()

    def events(self, given: Given) -> Iterator[Part]:
        has, value = self._value(given, "Entries")
        unknown: Part = ("events", "PutEvents", Anything(), None, ())
        entries = self._elements(value) if has else None
        if not entries or len(entries) > 100:
            yield unknown
            return
        for each in entries:
            entry = self._of_dict(each)
            if entry.named is None:
                yield unknown
                continue
            has_bus, _ = self._value(entry, "EventBusName")
            bus = self.one(entry, ("EventBusName",)) if has_bus is not False else Known("default")
            fields = tuple((name, self.one(entry, (name,))) for name in CONDITIONS)
            yield "events", "PutEvents", bus, None, fields

    def _elements(self, value: Value) -> list[Value] | None:
        match value:
            case Literal(node=ast.List(elts=parts) | ast.Tuple(elts=parts), frame=frame):
                if any(isinstance(part, ast.Starred) for part in parts):
                    return None
                return [self.texts.value(part, frame) for part in parts]
        return None

    def tables(self, given: Given, operation: str) -> Iterator[Recipe]:
        name = "RequestItems" if operation == "BatchWriteItem" else "TransactItems"
        has, value = self._value(given, name)
        if operation == "BatchWriteItem":
            if not (has and isinstance(value, Literal) and isinstance(value.node, ast.Dict)):
                yield Anything()
                return
            for key in value.node.keys:
                yield self.texts.text(key, value.frame) if key is not None else Anything()
            return
        for each in (self._elements(value) if has else None) or (None,):
            entry = self._of_dict(each)
            inner = [self._value(entry, kind) for kind in ("Put", "Update", "Delete")]
            if entry.named is None or any(known is None for known, _ in inner):
                yield Anything()
                continue
            for known, item in inner:
                if known:
                    yield self.one(self._of_dict(item), ("TableName",))
