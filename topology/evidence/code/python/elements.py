"""What values hold, and what operators take out of them.

Source: https://docs.python.org/3/reference/datamodel.html
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Sequence

from topology.evidence.code.python import known
from topology.evidence.code.python.ground import Ground, Star
from topology.evidence.code.python.objects import (
    OF_SDK,
    Box,
    Builtin,
    Cls,
    Collection,
    Event,
    Inst,
    Named,
    Outside,
    Value,
)
from topology.evidence.code.python.scopes import Scope
from topology.evidence.code.python.solver import Place

KEYED = (ast.Tuple, ast.Dict, ast.arg)  # what keeps every element under its key


class Elements(Ground):
    """Boxes, instances and pools: what is put in and taken out."""

    def kept(self, value: Outside | Event | Inst | Box) -> Place:
        """The place of what something holds under no key that is known."""
        if isinstance(value, Outside) and self.once(("outside", value)):
            self.on(("held", value, None), lambda each: self.consumed(value, each))
        return ("held", value, None)

    def hold(self, box: Box, key: Hashable, held: Place) -> None:
        """Something is put into a box."""
        place = ("held", box, key if isinstance(box.site, KEYED) else None)
        self.flow(held, place)
        self.flow(place, ("all", box))

    def put(self, base: Place, held: Place, key: Hashable, node: ast.AST, scope: Scope) -> None:
        """An element is set."""
        self.late.append((base, [held], node, scope))
        self.on(base, lambda value: self._keep(value, held, key, node, scope))

    def _keep(self, value: Value, held: Place, key: Hashable, node: ast.AST, scope: Scope) -> None:
        match value:
            case Box():
                self.rewritten.add(value)
                self.hold(value, key, held)
            case Inst():
                self.flow(held, self.kept(value))
                self.flow(held, ("every", value))
                self.specially(value, [held], ("set", node), node, scope)
            case Outside() | Event():
                self.flow(held, self.kept(value))
            case Named(path=path):
                if path.startswith("sys"):
                    self.doubt(node, scope, known.LOOKS)
                if path == "os.environ":
                    self.reset.add(key if isinstance(key, str) else "*")
                self.flow(held, self.kept(Outside(path.partition(".")[0])))
            case _ if isinstance(value, OF_SDK):
                self.doubt(node, scope, known.CHANGES)

    def taken(self, node: Hashable, held: Place, key: Hashable = None) -> Place:
        """The place of an element of whatever a place holds."""
        result = ("taken", node, key)
        self.on(held, lambda value: self._taken(value, node, key, result))
        return result

    def _taken(self, value: Value, node: Hashable, key: Hashable, result: Place) -> None:
        match value:
            case Box():
                if key is not None and isinstance(value.site, KEYED):
                    self.flow(("held", value, key), result)
                    self.flow(("held", value, None), result)
                else:
                    self.flow(("all", value), result)
                if isinstance(node, ast.Subscript) and key is None:  # it may be a slice
                    self._merged(node, value, result)
            case Inst():
                self.flow(self.kept(value), result)
                made = ("special", node, key)
                self.specially(value, [], made, node, None)
                self.flow(made, result)
                self.on(made, lambda each: self._run_through(each, result))
            case Cls(scope=scope):
                self.add(result, value)
                for name in scope.names:
                    self.flow(("name", scope, name), result)
            case Outside() | Event():
                self.add(result, value)
                self.flow(self.kept(value), result)
            case Named(path=path):
                if path != "os.environ":
                    outer = Outside(path.partition(".")[0])
                    self.add(result, outer)
                    self.flow(self.kept(outer), result)
            case Collection(kind=kind, parent=parent):
                self.sdk_element(kind, parent, result)
            case Builtin():
                self.add(result, value)
            case _ if isinstance(value, OF_SDK):
                self.add(result, value)

    def _run_through(self, value: Value, result: Place) -> None:
        if isinstance(value, Box):  # a generator, or an iterator of Python's own
            self.flow(("all", value), result)

    def _merged(self, node: ast.AST, box: Box, result: Place) -> None:
        made = Box(node)
        if box != made:
            self.hold(made, None, ("all", box))
            self.add(result, made)

    def operated(self, node: Hashable, *given: Place) -> Place:
        """What an operator makes of operands: its place."""
        for number, place in enumerate(given):
            others = [*given[:number], *given[number + 1 :]]
            self.on(place, lambda value, others=others: self._operated(value, others, node))  # type: ignore[misc]
        return node

    def _operated(self, value: Value, others: Sequence[Place], node: Hashable) -> None:
        match value:
            case Box() if isinstance(node, ast.AST):
                self._merged(node, value, node)
            case Inst():
                self.flow(self.kept(value), node)
                self.specially(value, others, node, node, None)
            case Cls():
                stars = [Star(each) for each in others]
                self.on(
                    self.lookup(value, "__class_getitem__"),
                    lambda each: self.invoke(each, stars, {}, node, node, value.scope, first=1),
                )
            case Outside() | Event():
                for other in others:
                    self.flow(other, self.kept(value))
                self.add(node, value)
                self.flow(self.kept(value), node)

    def specially(
        self,
        value: Inst,
        given: Sequence[Place],
        result: Place,
        node: Hashable,
        scope: Scope | None,
    ) -> None:
        """Call whatever special methods an operator may call, with what it is given."""
        made = value.of
        every = ("specials", made)
        if self.once(every):
            for name in self._special:
                self.flow(self.lookup(made, name), every)
        stars = [Star(each) for each in given]
        where = scope or made.scope
        self.on(every, lambda each: self.invoke(each, stars, {}, result, node, where, first=1))

    def everything(self, subject: Place, target: Place) -> None:
        """All that instances in a place hold."""

        def all_of(value: Value) -> None:
            if isinstance(value, Inst):
                self.flow(("every", value), target)
                self.flow(self.kept(value), target)
            elif isinstance(value, Box):
                self.flow(("all", value), target)
            elif isinstance(value, (Outside, Event)):
                self.add(target, value)
                self.flow(self.kept(value), target)

        self.on(subject, all_of)

    def changed(self, target: ast.expr) -> None:
        """An element is set or deleted: perhaps of the event."""
        if isinstance(target, ast.Subscript):
            self.on(target.value, self._changed)

    def extended(self, before: Place, added: Place) -> None:
        """A list or dict is put behind another, which changes."""

        def extend(_: Value) -> None:
            self.on(before, self._changed)

        self.on(added, extend)

    def _changed(self, value: Value) -> None:
        self.is_changed = self.is_changed or isinstance(value, Event)
        if isinstance(value, Box):
            self.rewritten.add(value)
