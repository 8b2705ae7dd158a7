"""Whether the event that starts a function is as it came when its key is read.

Objects of an event may be changed by whatever they are handed to. Only those on the way to the
key of a notification of S3 matter; of everything else that an event holds, nothing is told.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

from functools import cached_property

from topology.evidence.code.javascript.callees import Callees, is_console
from topology.evidence.code.javascript.changes import MUTATING
from topology.evidence.code.javascript.expressions import (
    WRAPPING,
    member_name,
    parameters,
    positions,
    unwrapped,
)
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.index import Index
from topology.evidence.code.javascript.scopes import patterns
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Node

WAY = ("Records", "*", "s3", "object", "key")
LIST = 1  # how far on the way the list of records is
EACH = frozenset(["map", "forEach", "some", "every", "find", "filter", "flatMap"])
LISTS = frozenset(["filter", "slice", "concat", "toSorted", "toReversed"])
MAX_WORK = 10_000


class Event:
    """The event that a function is started with."""

    def __init__(self, index: Index, handler: Node | None) -> None:
        self.index, self.handler = index, handler
        self.callees = Callees(index)
        self._seen: set[tuple[Node, int]] = set()
        self._waiting: list[tuple[Node, int]] = []
        self._escapes = False

    @cached_property
    def is_unsure(self) -> bool:
        """Whether something may have changed which records there are, or what they hold."""
        given = parameters(self.handler)[:1] if self.handler is not None else []
        for parameter in given:
            self._into(parameter, 0)
        while self._waiting and not self._escapes and len(self._seen) < MAX_WORK:
            self._step(*self._waiting.pop())
        is_followed = not self._escapes and not self._waiting
        changes = self.index.changes
        return not is_followed and (changes.is_loose or changes.mutated_unknown)

    def _go(self, node: Node, far: int) -> None:
        if far < len(WAY) and (node, far) not in self._seen:
            self._seen.add((node, far))
            self._waiting.append((node, far))

    def _binding(self, binding: Binding | None, far: int) -> None:
        if binding is None:
            self._escapes = True
            return
        for use in binding.uses:
            self._go(use, far)

    def _into(self, target: Node | None, far: int) -> None:
        if target is None or target.kind in ("member_expression", "subscript_expression"):
            self._escapes = True
            return
        for leaf, path, _ in patterns(target, ()):
            now: int | None = far
            for name in path:
                now = self._further(now, name)
            if now is not None and now < len(WAY):
                self._binding(leaf.scope.find(leaf.text), now)

    def _further(self, far: int | None, name: str) -> int | None:
        """One step on the way; None: off it."""
        if far is None or far >= len(WAY):
            return None
        if name == "?":
            self._escapes = True
            return None
        wanted = WAY[far]
        return far + 1 if name == wanted or (wanted == "*" and name.isdigit()) else None

    def _step(self, node: Node, far: int) -> None:
        parent = node.parent
        if parent is None:
            return
        match parent.kind:
            case "member_expression" | "subscript_expression" if node.field == "object":
                self._member(parent, far)
            case "variable_declarator":
                if node.field == "value":
                    self._into(parent.get("name"), far)
            case "for_in_statement":
                self._looped(node, parent, far)
            case "arguments":
                self._argument(parent, node, far)
            case kind if kind in WRAPPING or kind == "ternary_expression":
                if node.field != "condition":
                    self._go(parent, far)
            case "binary_expression":
                operator = parent.get("operator")
                if operator is not None and operator.text in ("||", "&&", "??"):
                    self._go(parent, far)
            case "assignment_expression" if node.field == "right":
                self._into(parent.get("left"), far)
                self._go(parent, far)
            case "expression_statement" | "unary_expression" | "template_substitution":
                return
            case "if_statement" | "assignment_expression":
                return
            case _:
                self._escapes = True

    def _member(self, member: Node, far: int) -> None:
        name = member_name(member)
        if name is None:
            if far == LIST and member.field != "left":
                self._go(member, far + 1)
            else:
                self._escapes = True
            return
        call = member.parent
        is_called = call is not None and member.field == "function"
        if far == LIST and is_called and call is not None:
            self._of_list(call, name)
            return
        now = self._further(far, name)
        if now is not None:
            self._go(member, now)

    def _of_list(self, call: Node, name: str) -> None:
        given = arguments(call)
        if name in EACH and given and given[0].kind in FUNCTIONS:
            wanted = parameters(given[0])
            for parameter in wanted[:1]:
                self._into(parameter, LIST + 1)
            self._escapes = self._escapes or len(wanted) > 2
            if name in ("find", "filter"):
                self._go(call, LIST + (name == "find"))
        elif name in LISTS:
            self._go(call, LIST)
        elif name == "at":
            self._go(call, LIST + 1)
        else:
            self._escapes = self._escapes or name in MUTATING or name not in ("join", "includes")

    def _looped(self, node: Node, loop: Node, far: int) -> None:
        operator = loop.get("operator")
        if node.field == "right" and operator is not None and operator.text == "of":
            if far == LIST:
                self._into(loop.get("left"), far + 1)
            else:
                self._escapes = True

    def _argument(self, given: Node, node: Node, far: int) -> None:
        call = given.parent
        callee = unwrapped(call.get("function") or call.get("constructor")) if call else None
        if call is None or callee is None:
            self._escapes = True
            return
        if is_console(callee) or member_name(callee) == "stringify":
            return
        functions = self.callees.functions(callee, call)
        place = dict(positions(given)).get(node, "?")
        self._escapes = self._escapes or not functions or place == "?"
        for function in functions if place != "?" else ():
            wanted = parameters(function)
            if int(place) < len(wanted):
                self._into(wanted[int(place)], far)
            source = function.module.source[function.start : function.end]
            self._escapes = self._escapes or b"arguments" in source
