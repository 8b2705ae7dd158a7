"""What is known of a program while it is followed, and what its parts ask of each other."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from topology.evidence.code.python.objects import (
    Box,
    Cls,
    Outside,
    Resource,
    Value,
)
from topology.evidence.code.python.scopes import Scope
from topology.evidence.code.python.solver import Place, Solver

Given = Sequence["Place | Star"]
ByName = Mapping["str | None", Place]


@dataclass(frozen=True, slots=True)
class Star:
    """Arguments that may be any of several: ``*given``."""

    place: Place


class Ground(Solver, ABC):
    """The state that all rules share."""

    def __init__(self) -> None:
        super().__init__()
        self.modules: dict[str, Scope] = {}
        self.scopes: dict[ast.AST, Scope] = {}
        self.doubts: dict[tuple[str, int, str], None] = {}
        self.is_changed = False  # whether what the event holds may not be what was brought
        self.rewritten: set[Box] = set()  # boxes that get more than they are made with
        self.reset: set[str] = set()  # environment variables that the code sets; "*": any
        self.loads: list[tuple[Place, str, ast.AST, Scope]] = []
        self.indirect: set[Scope] = set()  # functions that are not only called by callers
        self.late: list[tuple[Place, list[Place], ast.AST, Scope]] = []
        self.stores: defaultdict[str, list[tuple[Place, ast.AST]]] = defaultdict(list)
        self._special: dict[str, None] = {}  # names of methods that operators call
        self._own: dict[Cls, frozenset[str]] = {}
        self._bases: defaultdict[Cls, dict[Cls, None]] = defaultdict(dict)
        self._below: defaultdict[Cls, dict[Cls, None]] = defaultdict(dict)
        self._looked: defaultdict[Cls, dict[str, None]] = defaultdict(dict)
        self._methods: defaultdict[Cls, list[Scope]] = defaultdict(list)

    def doubt(self, node: ast.AST, scope: Scope, reason: str) -> None:
        """Something because of which calls may be missed."""
        self.doubts[scope.source.path, getattr(node, "lineno", 0), reason] = None

    @abstractmethod
    def escaped(self, value: Value, node: ast.AST, scope: Scope) -> None:
        """Something of the SDK goes where nothing is known."""

    @abstractmethod
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

    @abstractmethod
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

    @abstractmethod
    def lookup(self, made: Cls, name: str) -> Place:
        """What a class or its bases hold under a name."""

    @abstractmethod
    def consumed(self, outer: Outside, value: Value) -> None:
        """What may become of a value that is outside."""

    @abstractmethod
    def sdk_member(
        self, value: Value, name: str, result: Place, node: ast.AST, scope: Scope
    ) -> None:
        """What an attribute of something of the SDK gives, or asks."""

    @abstractmethod
    def starred(self, value: Value, name: str, node: ast.expr, scope: Scope) -> None:
        """A name may be one that an import of everything brings."""

    @abstractmethod
    def sdk_element(self, kind: str, parent: Resource | None, result: Place) -> None:
        """One of many resources."""
