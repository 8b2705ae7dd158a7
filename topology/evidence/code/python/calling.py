"""What calls do with their arguments.

What calls nothing that is known may call whatever it is given: then the SDK must not be among it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass

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
    Named,
    Outside,
    Sdk,
    Value,
    Wrapped,
)
from topology.evidence.code.python.outside import OutsideCalls, all_given
from topology.evidence.code.python.scopes import FUNCTIONS, Scope
from topology.evidence.code.python.solver import Place

ESCAPES = "A client of AWS goes where it is not followed."
READING = words(
    """
    get items keys values copy index count
    """
)
CHANGING = words(
    """
        update pop popitem clear setdefault append extend insert remove reverse sort __setitem__
        __delitem__ __ior__
        """
)
# Methods of texts and bytes, which keep nothing of what they are given.
OF_TEXTS = frozenset((*dir(str), *dir(bytes)))


@dataclass(frozen=True, slots=True)
class Caller:
    """A call of a function: the expression, and how many parameters are given before."""

    call: ast.Call
    bound: bool


class Calling(OutsideCalls):
    """Calls, and what becomes of their arguments."""

    def __init__(self) -> None:
        super().__init__()
        self.callers: defaultdict[Scope, dict[Caller, None]] = defaultdict(dict)

    def settle(self) -> None:
        """Solve; what calls nothing that is known then may call anything it is given."""
        self.run()
        while any(list(map(self._settled, self.late))):
            self.run()
        for value in list(self.values[self.kept(UNKNOWN)]):
            if isinstance(value, Event):
                self.is_changed = True

    def _settled(self, late: tuple[Place, list[Place], ast.AST, Scope]) -> bool:
        base, given, node, scope = late
        if self.values[base] or not self.once(("settled", base, node)):
            return False
        is_text = _method(node) in OF_TEXTS
        is_asked = isinstance(node, ast.Call) and node.func in self.asked
        for place in given:
            if is_asked:  # AWS is: it gives nothing back of what it gets
                self.on(place, self._called_back)
            else:
                self.on(place, lambda value: self._lost(value, node, scope, is_text))
        return True

    def _lost(self, value: Value, node: ast.AST, scope: Scope, is_text: bool) -> None:
        if isinstance(value, OF_SDK):
            self.escaped(value, node, scope)
        if not (is_text and isinstance(value, Event)):
            self.add(self.kept(UNKNOWN), value)

    def escaped(self, value: Value, node: ast.AST, scope: Scope) -> None:
        """Something of the SDK goes where nothing is known."""
        if not (isinstance(value, Sdk) and self.is_harmless(value.path)):
            self.doubt(node, scope, ESCAPES)

    def call(
        self,
        site: ast.AST,
        callee: Place,
        given: Given,
        named: ByName,
        result: Place,
        scope: Scope,
    ) -> None:
        """Whatever a place holds is called."""
        if isinstance(site, ast.Call):
            given = [Star(place) if isinstance(place, ast.Starred) else place for place in given]
        self.late.append((callee, [*all_given(given, named)], site, scope))
        self.on(callee, lambda value: self.invoke(value, given, named, result, site, scope))

    def invoke(
        self,
        value: Value,
        given: Given,
        named: ByName,
        result: Place,
        site: object,
        scope: Scope,
        first: int = 0,
    ) -> None:
        """A value is called; ``first``: so many parameters are given already."""
        asked = (value, (*given,), (*named.items(),), result, site, first)
        if not self.once(("invoked", asked)):
            return
        match value:
            case Fn(scope=function, bound=bound):
                is_made = getattr(function.node, "name", "") == "__init__" and first == 1
                if isinstance(site, ast.Call) and (is_made or not first):
                    self.callers[function][Caller(site, bound or is_made)] = None
                else:
                    self.indirect.add(function)
                self._bind(function, given, named, int(bound) or first)
                self.flow(("returned", function), result)
            case Wrapped(function=function):
                self.indirect.add(function.scope)
                self._bind(function.scope, given, named, 0)
                self.flow(("returned", function.scope), result)
            case Cls():
                self._construct(value, given, named, result, site, scope)
            case Inst(of=made):
                self.on(
                    self.lookup(made, "__call__"),
                    lambda each: self.invoke(each, given, named, result, None, scope, first=1),
                )
            case Builtin(name=name):
                self._builtin(name, given, named, result, site, scope)
            case Named(path=path):
                self._named(path, given, named, result, site, scope)
            case Outside() | Event():
                self._outside(value, given, named, result)
                if isinstance(value, Event) and _method(site) in CHANGING:
                    self.is_changed = True
            case Box():
                self._box(value, given, named, result, site)
                if _method(site) not in READING:
                    self.rewritten.add(value)
            case _ if isinstance(value, OF_SDK):
                self.sdk_call(value, given, named, result, site, scope)

    def _bind(self, function: Scope, given: Given, named: ByName, first: int) -> None:
        node = function.node
        if not isinstance(node, FUNCTIONS):
            return
        spec = node.args
        positional = [each.arg for each in (*spec.posonlyargs, *spec.args)]
        keywords = {each.arg for each in (*spec.args, *spec.kwonlyargs)} - {*positional[:first]}
        place, is_told = first, True
        for each in given:
            held = each.place if isinstance(each, Star) else each
            is_told = is_told and not isinstance(each, Star)  # after a star, anywhere
            targets = positional[place : place + 1] if is_told else positional[place:]
            place += is_told
            for name in targets:
                self.flow(held, ("name", function, name))
            if spec.vararg and not (is_told and targets):
                self.hold(Box(spec.vararg), None, held)
        for key, held in named.items():
            for name in keywords if key is None else {key} & keywords:
                self.flow(held, ("name", function, name))
            if spec.kwarg and key not in keywords:
                self.hold(Box(spec.kwarg), key, held)

    def _construct(
        self,
        made: Cls,
        given: Given,
        named: ByName,
        result: Place,
        site: object,
        scope: Scope,
    ) -> None:
        instance = Inst(made)
        self.add(result, instance)
        node = made.scope.node
        is_plain = isinstance(node, ast.ClassDef) and not (
            node.bases or node.keywords or node.decorator_list
        )
        if not is_plain or "__init__" not in made.scope.names:
            for place in all_given(given, named):
                self.flow(place, self.kept(instance))
                self.flow(place, ("every", instance))
            self.on(
                self.lookup(made, "__post_init__"),
                lambda each: self.invoke(
                    each, [Star(self.kept(instance))], {}, ("ignored", made), None, scope, first=1
                ),
            )
        ignored = ("ignored", made)

        def make(each: Value) -> None:  # what a base outside makes is the instance
            kept = result if isinstance(each, (Fn, Wrapped)) else ignored
            self.invoke(each, given, named, kept, site, scope, first=1)

        self.on(self.lookup(made, "__new__"), make)
        self.on(
            self.lookup(made, "__init__"),
            lambda each: self.invoke(each, given, named, ignored, site, scope, first=1),
        )


def _method(site: object) -> str:
    """The method that a call names."""
    is_method = isinstance(site, ast.Call) and isinstance(site.func, ast.Attribute)
    return site.func.attr if is_method else ""  # type: ignore[attr-defined]
