"""Classes of the package: what they and their bases hold under a name.

Source: https://docs.python.org/3/reference/datamodel.html
"""

from __future__ import annotations

import ast

from topology.evidence.code.python import known
from topology.evidence.code.python.elements import Elements
from topology.evidence.code.python.objects import (
    OF_SDK,
    Builtin,
    Cls,
    Fn,
    Inst,
    Named,
    Outside,
    Value,
    Wrapped,
)
from topology.evidence.code.python.scopes import FUNCTIONS, Function, Scope, parameters
from topology.evidence.code.python.solver import Place

CALLED_ALONE = frozenset(("__init__", "__new__", "__call__", "__getattr__", "__del__"))
OF_CLASS = ("__new__", "__init_subclass__", "__class_getitem__", "__prepare__")


class Classes(Elements):
    """Classes, their bases, and whose methods functions are."""

    def survey(self, scope: Scope) -> None:
        """Note what a class defines, and whose method a function is."""
        node = scope.node
        if isinstance(node, ast.ClassDef):
            made, functions = Cls(scope), set()
            for each in ast.walk(node):
                if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    functions.add(each.name)
                    if each.name.startswith("__") and each.name not in CALLED_ALONE:
                        self._special[each.name] = None
            if "__init__" in functions and not node.decorator_list:
                functions |= {
                    scope.mangled(each.attr)
                    for each in ast.walk(node)
                    if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
                }
            self._own[made] = frozenset(functions)
        elif scope.parent is not None and scope.parent.is_class and isinstance(node, FUNCTIONS):
            self._methods[Cls(scope.parent)].append(scope)
            self._given_itself(scope, Cls(scope.parent))

    def _given_itself(self, method: Scope, made: Cls) -> None:
        if isinstance(method.node, FUNCTIONS):
            first = next(parameters(method.node), None)
            if first is not None:
                self.add(("name", method, first.arg), Inst(made))
                if _is_of_class(method.node):
                    self.add(("name", method, first.arg), made)

    def lookup(self, made: Cls, name: str) -> Place:
        """What a class or its bases hold under a name."""
        place = ("member", made, name)
        if self.once(place):
            self._looked[made][name] = None
            self.flow(("name", made.scope, name), place)
            self.flow(("stored", made, name), place)
            self.flow(("stored", made, "*"), place)
            for base in list(self._bases[made]):
                self.flow(self.lookup(base, name), place)
            for outer in self.values["outer", made]:
                if name not in self._own.get(made, ()) and isinstance(outer, Outside):
                    self.add(place, outer)
                    self.flow(self.kept(outer), place)
        return place

    def inherit(self, made: Cls, base: Place) -> None:
        """A class has a base."""
        self.on(base, lambda value: self._inherit(made, value))

    def _inherit(self, made: Cls, base: Value) -> None:
        kept = ("held", Inst(made), None)
        if isinstance(base, Cls) and base != made and base not in self._bases[made]:
            self._bases[made][base] = None
            for name in list(self._looked[made]):
                self.flow(self.lookup(base, name), ("member", made, name))
            for lower in [made, *self._lower(made)]:
                for upper in [base, *self._upper(base)]:
                    self._below[upper][lower] = None
                    self.flow(("held", Inst(upper), None), ("held", Inst(lower), None))
                    for method in self._methods[upper]:
                        self._given_itself(method, lower)
        elif isinstance(base, (Outside, Named, Builtin)) and base != Builtin("object"):
            if isinstance(base, Named) and base.path.endswith(known.LAYER):
                self.doubt(made.scope.node, made.scope, known.OWN_LAYER)
            outer = self._outer(base, made)
            self.add(("outer", made), outer)
            for name in list(self._looked[made]):
                if name not in self._own.get(made, ()):
                    self.add(("member", made, name), outer)
                    self.flow(self.kept(outer), ("member", made, name))
            self.flow(self.kept(outer), kept)
            self.add(self.kept(outer), Inst(made))
            for name in made.scope.names:
                self.on(("name", made.scope, name), lambda each: self._of_kind(each, kept))
        elif isinstance(base, OF_SDK):
            self.escaped(base, made.scope.node, made.scope)

    def _of_kind(self, value: Value, kept: Place) -> None:
        if not isinstance(value, (Fn, Wrapped)):  # methods are told with their instances
            self.add(kept, value)

    def _outer(self, base: Outside | Named | Builtin, made: Cls) -> Outside:
        match base:
            case Named(path=path):
                return Outside(path.partition(".")[0])
            case Builtin():
                return Outside(made.scope.node)
        return base

    def _upper(self, made: Cls) -> list[Cls]:
        found: dict[Cls, None] = {}
        waiting = [*self._bases[made]]
        while waiting:
            base = waiting.pop()
            if base not in found:
                found[base] = None
                waiting += self._bases[base]
        return [*found]

    def _lower(self, made: Cls) -> list[Cls]:
        return [*self._below[made]]

    def made_by(self, made: Cls, metaclass: Place, node: ast.ClassDef, scope: Scope) -> None:
        """A class has a class of its own: only Python's are followed."""

        def check(value: Value) -> None:
            is_plain = isinstance(value, Named) and value.path.startswith(("abc.", "enum."))
            if not is_plain and value != Builtin("type"):
                self.doubt(node, scope, "This class is made by a class of its own.")

        self.on(metaclass, check)


def _is_of_class(method: Function) -> bool:
    """Whether a method is given the class, or perhaps is."""
    if isinstance(method, ast.Lambda):
        return False
    names = {getattr(each, "id", "") for each in method.decorator_list}
    return method.name in OF_CLASS or not names <= {"property", "staticmethod"}
