"""What names stand for, and what attributes of values give and take.

Source: https://docs.python.org/3/reference/datamodel.html
"""

from __future__ import annotations

import ast
import builtins

from topology.evidence.code.python import known
from topology.evidence.code.python.classes import Classes
from topology.evidence.code.python.objects import (
    OF_SDK,
    Box,
    Builtin,
    Cls,
    Event,
    Fn,
    Inst,
    Mod,
    Named,
    Outside,
    Super,
    Value,
    Wrapped,
)
from topology.evidence.code.python.scopes import Scope
from topology.evidence.code.python.solver import Place

BUILTINS = frozenset(dir(builtins))


class Members(Classes):
    """Names and attributes."""

    def name(self, name: str, node: ast.expr, scope: Scope) -> None:
        """What a name may stand for where it is read."""
        owner = scope.owner(name)
        places = [owner] if owner is not None else [scope.module]
        if scope.is_class and owner is scope and scope.parent is not None:
            places.append(scope.parent.owner(name) or scope.module)
        for place in places:
            self.flow(("name", place, name), node)
        if scope.module in places:
            self.flow(("stored", Mod(scope.module), "*"), node)
            self.on(("star", scope.module), lambda value: self.starred(value, name, node, scope))
            if name in known.CODE:
                self.doubt(node, scope, "This runs code made at run time.")
            elif name in known.NAMESPACES:
                self.doubt(node, scope, known.LOOKS)
            elif name in BUILTINS:
                self.add(node, Builtin(name))

    def attribute(self, base: Place, name: str, result: Place, node: ast.AST, scope: Scope) -> None:
        """What an attribute of whatever a place holds gives."""
        if name in known.INNER:
            self.doubt(node, scope, known.LOOKS)
        elif name in known.STARTING:
            self.doubt(node, scope, "This starts programs or opens connections.")
        elif name in ("__context__", "__cause__"):
            self.flow("raised", result)
        self.loads.append((base, name, node, scope))
        self.on(base, lambda value: self.member(value, name, result, node, scope))

    def member(self, value: Value, name: str, result: Place, node: ast.AST, scope: Scope) -> None:
        """What an attribute of a value gives."""
        match value:
            case Fn(scope=of):
                self.flow(("stored", Fn(of), name), result)
                self.flow(("stored", Fn(of), "*"), result)
                if name == "__call__":
                    self.add(result, value)
            case Wrapped():
                self.add(result, Builtin("setter"))
            case Cls():
                self.on(
                    self.lookup(value, name),
                    lambda each: self._of_class(each, value, result, node, scope),
                )
            case Inst():
                self._of_instance(value, name, result, node, scope)
            case Super(of=made):
                for base in [*self._upper(made), *self._lower(made)]:
                    for each in [base, *self._upper(base)]:
                        if each != made:
                            self.on(
                                self.lookup(each, name),
                                lambda found: self._bound(found, Inst(made), result, node, scope),
                            )
                self.on(("outer", made), lambda outer: self.add(result, outer))
            case Mod(scope=module):
                self.flow(("name", module, name), result)
                self.flow(("stored", value, "*"), result)
                self.on(("star", module), lambda each: self.member(each, name, result, node, scope))
                inner = f"{module.source.name}.{name}"
                if inner in self.modules:
                    self.add(result, Mod(self.modules[inner]))
                if "__getattr__" in module.names:
                    makers = ("name", module, "__getattr__")
                    self.call(node, makers, [], {}, result, scope)
            case Box():
                self.add(result, value)
            case Outside():
                self.add(result, value)
                self.flow(self.kept(value), result)
            case Named(path=path):
                whole = f"{path}.{name}"
                if known.refused(whole):
                    self.doubt(node, scope, f"This uses `{whole}`.")
                if whole.count(".") < 8:
                    self.add(result, Named(whole))
                self.flow(("stored", value, name), result)
                self.flow(("stored", value, "*"), result)
            case Builtin(name=of):
                if of.count(".") < 2:
                    self.add(result, Builtin(f"{of}.{name}"))
            case Event():
                self.add(result, value)
                self.flow(self.kept(value), result)
            case _:
                self.sdk_member(value, name, result, node, scope)

    def _of_instance(
        self, value: Inst, name: str, result: Place, node: ast.AST, scope: Scope
    ) -> None:
        made = value.of
        self.flow(("stored", value, name), result)
        self.flow(("stored", value, "*"), result)
        self.on(self.lookup(made, name), lambda each: self._bound(each, value, result, node, scope))
        if name == "__class__":
            self.add(result, made)
        if name not in self._own.get(made, ()):
            self.flow(self.kept(value), result)
        for maker in ("__getattr__", "__getattribute__"):
            self.on(
                self.lookup(made, maker),
                lambda each: self.invoke(each, [], {}, result, node, scope, first=1),
            )

    def _of_class(
        self, value: Value, made: Cls, result: Place, node: ast.AST, scope: Scope
    ) -> None:
        if isinstance(value, Wrapped) and value.how != "property":
            self.add(result, Fn(value.function.scope, value.how == "classmethod"))
            return
        self.add(result, value)
        if isinstance(value, Inst):  # perhaps with a ``__get__``
            self.add(("owner", made), made)
            self.specially(value, [("owner", made)], result, node, scope)

    def _bound(self, value: Value, of: Inst, result: Place, node: ast.AST, scope: Scope) -> None:
        """What a class holds, as an instance gives it."""
        match value:
            case Fn(scope=method, bound=False):
                self._given_itself(method, of.of)
                self.add(result, Fn(method, bound=True))
            case Wrapped("property", function):
                self.flow(("returned", function.scope), result)
                self.indirect.add(function.scope)
            case Wrapped(how, function):
                self.add(result, Fn(function.scope, bound=how == "classmethod"))
            case Inst():
                self.add(result, value)
                self.add(("self", of), of)
                self.add(("self", of), of.of)
                self.specially(value, [("self", of)], result, node, scope)
            case _:
                self.add(result, value)

    def store(self, base: Place, name: str, held: Place, node: ast.AST, scope: Scope) -> None:
        """An attribute is set."""
        self.stores[name].append((base, node))
        self.late.append((base, [held], node, scope))
        self.on(base, lambda value: self._store(value, name, held, node, scope))

    def _store(self, value: Value, name: str, held: Place, node: ast.AST, scope: Scope) -> None:
        match value:
            case Mod(scope=module):
                self.flow(held, ("name", module, name) if name != "*" else ("stored", value, "*"))
            case Inst(of=made):
                self.flow(held, ("stored", value, name))
                self.flow(held, ("every", value))
                self.on(self.lookup(made, name), lambda each: self._set(each, held, node, scope))
                if "__setattr__" in self._special:
                    self.specially(value, [held], ("set", node), node, scope)
            case Cls():
                self.flow(held, ("stored", value, name))
            case Fn(scope=of):
                self.flow(held, ("stored", Fn(of), name))
            case Box() | Outside() | Event() | Named():
                self.flow(held, ("stored", value, name))
                self._keep(value, held, None, node, scope)
            case _ if isinstance(value, OF_SDK):
                self.doubt(node, scope, known.CHANGES)

    def _set(self, value: Value, held: Place, node: ast.AST, scope: Scope) -> None:
        if isinstance(value, Wrapped) and value.how == "setter":
            self.invoke(value.function, [held], {}, ("set", node), node, scope, first=1)
        elif isinstance(value, Inst):
            self.specially(value, [held], ("set", node), node, scope)
