"""What calls of everything that is not read do with values.

Whatever is outside of what is read may keep what it is given, call it with whatever else it was
given, and give it back to anybody: one pool for each module.
"""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterator

from topology.evidence.code.python import known
from topology.evidence.code.python.ground import ByName, Given, Star
from topology.evidence.code.python.known import words
from topology.evidence.code.python.objects import (
    OF_SDK,
    UNKNOWN,
    Box,
    Builtin,
    Cls,
    Event,
    Fn,
    Inst,
    Mod,
    Named,
    Outside,
    Sdk,
    Super,
    Value,
    Wrapped,
)
from topology.evidence.code.python.scopes import Scope
from topology.evidence.code.python.sdk import SdkMembers
from topology.evidence.code.python.solver import Place

AT_RUN_TIME = "This takes something by a name made at run time."
DESCRIPTORS = {"property": "property", "classmethod": "classmethod", "staticmethod": "static"}
# Modules that keep nothing between two calls: what they make keeps what it is made of.
STATELESS = words("collections concurrent contextlib dataclasses functools itertools queue types")


class OutsideCalls(SdkMembers):
    """Calls of Python's own functions and of modules that are not read."""

    @abstractmethod
    def _bind(self, function: Scope, given: Given, named: ByName, first: int) -> None:
        """Arguments go to a function's parameters; the first few are given already."""

    @abstractmethod
    def _construct(
        self,
        made: Cls,
        given: Given,
        named: ByName,
        result: Place,
        site: object,
        scope: Scope,
    ) -> None:
        """A class is called."""

    def _outside(self, value: Outside | Event, given: Given, named: ByName, result: Place) -> None:
        kept = self.kept(value)
        for place in all_given(given, named):
            self.flow(place, kept)
        self.add(result, value)
        self.flow(kept, result)

    def consumed(self, outer: Outside, value: Value) -> None:
        """What may become of a value that is outside."""
        pool = self.kept(outer)
        every = [Star(pool)]
        node = None
        match value:
            case Fn(scope=function) | Wrapped(function=Fn(scope=function)):
                self.indirect.add(function)
                self._bind(function, every, {None: pool}, 0)
                self.flow(("returned", function), pool)
            case Cls(scope=scope):
                self._construct(value, every, {None: pool}, pool, node, scope)
            case Inst(of=made):
                self.flow(("every", value), pool)
                self.flow(self.kept(value), pool)
                self.flow(pool, ("stored", value, "*"))
                for each in [made, *self._upper(made)]:
                    for method in self._methods[each]:
                        self.indirect.add(method)
                        self._bind(method, every, {None: pool}, 1)
                        self.flow(("returned", method), pool)
            case Box():
                self.rewritten.add(value)
                self.flow(("all", value), pool)
                self.hold(value, None, pool)
            case Outside():
                self.flow(self.kept(value), pool)
                self.flow(pool, self.kept(value))
            case Event():
                self.flow(self.kept(value), pool)
            case Mod(scope=module):
                for name in module.names:
                    self.flow(("name", module, name), pool)
            case Named(path=path) if path.endswith(known.LAYER):
                self._doubt_of(known.OWN_LAYER)
            case Builtin(name=name) if name in ("getattr", "setattr", "vars", "super"):
                self._doubt_of(AT_RUN_TIME)
            case Sdk() if self.is_harmless(value.path):
                pass
            case _ if isinstance(value, OF_SDK) and outer != UNKNOWN:
                module = next(iter(self.modules.values()))
                self.sdk_call(value, every, {None: pool}, pool, node, module)

    def _doubt_of(self, reason: str) -> None:
        self.doubts["", 0, reason] = None

    def _box(self, box: Box, given: Given, named: ByName, result: Place, site: object) -> None:
        match site:
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
                self.flow(self.taken(site, ("only", box), key), result)
                self.add(("only", box), box)
                for place in all_given(given[1:], named):
                    self.flow(place, result)
                return
        for place in all_given(given, named):
            self.hold(box, None, place)
            self.on(place, lambda value: self._into_box(value, box))
        self.add(result, box)
        self.flow(("all", box), result)

    def _into_box(self, value: Value, box: Box) -> None:
        match value:
            case Fn(scope=function):  # a key to sort by
                self.indirect.add(function)
                self._bind(function, [Star(("all", box))], {}, 0)
                self.flow(("returned", function), ("held", box, None))
                self.flow(("held", box, None), ("all", box))
            case Box() if value != box:
                self.hold(box, None, ("all", value))
            case Inst() | Outside():
                self.hold(box, None, self.kept(value))

    def _named(
        self,
        path: str,
        given: Given,
        named: ByName,
        result: Place,
        site: object,
        scope: Scope,
    ) -> None:
        places = [*all_given(given, named)]
        if path in known.SAME or path == "functools.wraps":
            for place in places if path in known.SAME else ():
                self.on(place, lambda value: self._callable(value, result))
            if not given or path in ("functools.wraps", "functools.lru_cache"):
                self.add(result, Builtin("same"))
        elif path in known.THROUGH:
            for place in places:
                self.flow(place, result)
        elif path == "sys.exc_info":
            self.add(result, Outside("raised"))
            self.flow("raised", self.kept(Outside("raised")))
        elif known.DATA.fullmatch(path):
            if path.startswith("os.environ.") and path != "os.environ.get":
                self.reset.add("*")
            outer = Outside(path.partition(".")[0])
            for place in places:
                self.on(place, lambda value: self._handed(value, outer, result))
        else:
            if path == "collections.ChainMap" or path.startswith("operator."):
                self._may_change(places)
            top = path.partition(".")[0]
            if path.endswith(known.LAYER) and isinstance(site, ast.Call):
                self.layers[site] = scope
            elif path.endswith(known.LAYER):
                self._doubt_of(known.OWN_LAYER)
            is_alone = top in STATELESS and isinstance(site, ast.AST)
            outer = Outside(site if is_alone else top)
            is_class = path.rpartition(".")[2][:1].isupper() or path in known.CLASSES
            self._outside(outer, given, named, ("made", outer) if is_class else result)
            self.add(result, outer)

    def _callable(self, value: Value, result: Place) -> None:
        if isinstance(value, (Fn, Cls)):
            self.add(result, value)

    def _may_change(self, places: list[Place]) -> None:
        for place in places:
            self.on(place, self._changed)

    def _handed(self, value: Value, outer: Outside, result: Place) -> None:
        """To a function of data: it may call what can be called, and give back what that gives."""
        if isinstance(value, (Fn, Cls, Inst, Wrapped)):
            self.add(self.kept(outer), value)
            self.add(result, outer)
            self.flow(self.kept(outer), result)

    def _called_back(self, value: Value) -> None:
        if isinstance(value, Fn):
            self.indirect.add(value.scope)

    def _builtin(
        self,
        name: str,
        given: Given,
        named: ByName,
        result: Place,
        site: object,
        scope: Scope,
    ) -> None:
        places = [*all_given(given, named)]
        if name == "same":
            for place in places:
                self.flow(place, result)
        elif name in DESCRIPTORS or name == "setter":
            for place in places:
                self.on(place, lambda value: self._described(value, name, result))
        elif name in ("getattr", "setattr", "delattr") and isinstance(site, ast.Call):
            self._by_name(name, places, result, site, scope)
        elif name == "super":
            above: Scope | None = scope
            while above is not None and not above.is_class:
                above = above.parent
            if above is not None:
                self.add(result, Super(Cls(above)))
            else:
                self.doubt(scope.node, scope, known.LOOKS)
        elif name in known.PLAIN:
            for place in places:
                self.on(place, self._called_back)
        else:
            if name == "type" and len(places) == 1:
                self.on(places[0], lambda value: self._type_of(value, result, site, scope))
                return
            if name.startswith(("object.__", "type.__")):
                self.doubt(site if isinstance(site, ast.AST) else scope.node, scope, known.LOOKS)
            if "." in name:  # a method of a class: ``dict.update(event, …)``
                self._may_change(places)
            self._outside(
                Outside(site if isinstance(site, ast.AST) else name), given, named, result
            )

    def _type_of(self, value: Value, result: Place, site: object, scope: Scope) -> None:
        if isinstance(value, Inst):
            self.add(result, value.of)
        elif isinstance(value, OF_SDK):
            self.escaped(value, site if isinstance(site, ast.AST) else scope.node, scope)

    def _described(self, value: Value, name: str, result: Place) -> None:
        if isinstance(value, Fn):
            self.add(result, Wrapped(DESCRIPTORS.get(name, name), value))

    def _by_name(
        self, name: str, places: list[Place], result: Place, site: ast.Call, scope: Scope
    ) -> None:
        for place in places[2:] if name == "getattr" else ():
            self.flow(place, result)
        match site.args:
            case [_, ast.Constant(value=str(attribute)), *_]:
                if name == "getattr":
                    self.attribute(places[0], attribute, result, site, scope)
                elif name == "setattr" and len(places) > 2:
                    self.store(places[0], attribute, places[2], site, scope)
            case _ if name == "setattr" and len(places) > 2:
                self.store(places[0], "*", places[2], site, scope)
            case _ if name == "getattr" and places:
                self.everything(places[0], result)
                self.on(places[0], lambda value: self._any_of(value, result, site, scope))

    def _any_of(self, value: Value, result: Place, site: ast.Call, scope: Scope) -> None:
        """An attribute whose name is made at run time."""
        match value:
            case Box() | Outside() | Event() | Fn():
                pass
            case _:
                self.doubt(site, scope, AT_RUN_TIME)


def all_given(given: Given, named: ByName) -> Iterator[Place]:
    for each in given:
        yield each.place if isinstance(each, Star) else each
    yield from named.values()
