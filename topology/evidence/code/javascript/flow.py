"""Where what comes from the AWS SDK goes in the code, from its import to each call.

A use that is not followed is never passed over: it is a doubt, or for a command a call of which
no parameter is known. Building a command counts as sending it.
"""

from __future__ import annotations

from collections.abc import Iterable

from topology.evidence.code.javascript import things
from topology.evidence.code.javascript.callees import (
    Callees,
    is_console,
    is_of_sdk,
)
from topology.evidence.code.javascript.expressions import (
    WRAPPING,
    member_name,
    outer_of,
    parameters,
    positions,
    property_name,
    unwrapped,
)
from topology.evidence.code.javascript.holders import Holders, is_descriptor
from topology.evidence.code.javascript.imports import arguments, is_interop
from topology.evidence.code.javascript.index import Index
from topology.evidence.code.javascript.met import Met
from topology.evidence.code.javascript.sources import start
from topology.evidence.code.javascript.syntax import FUNCTIONS, Module, Node
from topology.evidence.code.javascript.things import Thing, member_of
from topology.evidence.code.javascript.uses import function_name

MAX_WORK = 200_000
CHOOSING = frozenset(["||", "??", "&&"])
ASSIGNING = frozenset(["=", "||=", "??=", "&&="])
# Where a value is dropped, or but asked whether it is there.
DROPPING = frozenset(
    [
        "expression_statement",
        "unary_expression",
        "if_statement",
        "import_specifier",
        "import_clause",
        "namespace_import",
        "import_statement",
        "program",
    ]
)


class Flow:
    """Follows all that comes from the SDK through the modules of a package."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.callees = Callees(index)
        self.met = Met()
        self.holders = Holders(index, self.met)

    def run(self, modules: Iterable[Module]) -> None:
        """Follow every import of the SDK and every command built into the modules."""
        for module in modules:
            start(module, self.holders)
        work = 0
        while self.holders.waiting:
            node, thing = self.holders.waiting.pop()
            work += 1
            if work > MAX_WORK:
                self.met.doubt(node, "This uses clients of AWS in too many places to follow.")
                return
            self._step(node, thing)
        self.holders.lose_what_is_held()

    def _step(self, node: Node, thing: Thing) -> None:
        parent = node.parent
        if parent is None or parent.kind in DROPPING:
            return
        match parent.kind:
            case kind if kind in WRAPPING:
                self.holders.go(parent, thing)
            case "ternary_expression" | "binary_expression" | "sequence_expression":
                self._chosen(node, parent, thing)
            case "variable_declarator":
                if node.field == "value":
                    self.holders.into(parent.get("name"), thing)
            case (
                "assignment_expression"
                | "augmented_assignment_expression"
                | "assignment_pattern"
                | "object_assignment_pattern"
            ):
                self._assigned(node, parent, thing)
            case "required_parameter" | "optional_parameter":
                if node.field == "value":
                    self.holders.into(parent, thing)
            case "member_expression" | "subscript_expression":
                if node.field == "object":
                    self._member(parent, thing)
                else:
                    self.met.lost(node, thing)
            case "new_expression" if node.field == "constructor":
                self._new(parent, thing)
            case "call_expression" if node.field == "function":
                self._called(parent, thing)
            case "arguments":
                self._argument(parent, node, thing)
            case "pair" | "public_field_definition" | "field_definition":
                self._put(node, parent, thing)
            case "object":  # {client}
                self.holders.named(node.text, thing, node)
            case "return_statement":
                self._returned(parent, thing)
            case "arrow_function" if node.field == "body":
                self._returned(parent, thing)
            case "export_specifier":
                self._export(node, parent, thing)
            case "export_statement":
                self.holders.default(node, thing)
            case _:
                self.met.lost(node, thing)

    def _chosen(self, node: Node, parent: Node, thing: Thing) -> None:
        if parent.kind == "sequence_expression":
            if parent.children[-1] is node:
                self.holders.go(parent, thing)
        elif parent.kind == "ternary_expression":
            if node.field != "condition":
                self.holders.go(parent, thing)
        else:
            operator = parent.get("operator")
            if operator is not None and operator.text in CHOOSING:
                self.holders.go(parent, thing)

    def _assigned(self, node: Node, parent: Node, thing: Thing) -> None:
        if node.field != "right":
            return
        operator = parent.get("operator")
        if operator is not None and operator.text not in ASSIGNING:
            return
        self.holders.into(parent.get("left"), thing)
        if parent.kind.endswith("assignment_expression"):
            self.holders.go(parent, thing)

    def _put(self, node: Node, parent: Node, thing: Thing) -> None:
        key = parent.get("key") or parent.get("name") or parent.get("property")
        name = property_name(key) if key is not None else None
        if key is node:
            return
        if name is None or name == "__proto__" or is_descriptor(parent):
            self.met.lost(node, thing)
        elif not (thing.name == "handler" and name == "requestHandler"):
            self.holders.named(name, thing, node)

    def _export(self, node: Node, parent: Node, thing: Thing) -> None:
        alias = parent.get("alias")
        if alias is not node:
            name = (alias or node).text
            if name == "default":
                self.holders.default(node, thing)
            else:
                self.holders.named(name, thing, node)

    def _member(self, node: Node, thing: Thing) -> None:
        name = member_name(node)
        if name is None:
            self.met.doubt(node, "This names an operation or a command of AWS at run time.")
        elif thing.kind == "client":
            self.met.method(node, name, thing)
        elif name in ("then", "catch", "finally", "call", "apply", "bind"):
            self.met.lost(node, thing)
        elif thing.kind in ("package", "class"):
            self.holders.go(node, member_of(thing, name))
        elif thing.kind != "command" or name not in ("name", "length"):
            self.met.lost(node, thing)

    def _new(self, node: Node, thing: Thing) -> None:
        given = arguments(node)
        first = given[0] if given and given[0].kind != "spread_element" else None
        match thing.kind:
            case "command":
                self.met.call(node, thing.of, thing.name, first)
            case "upload":
                self.met.upload(node, first)
            case "class":
                self.holders.go(node, Thing("client", thing.of))
            case "function" if thing.name in things.HANDLERS:
                self.holders.go(node, Thing("function", thing.of, "handler"))
            case _:
                self.met.lost(node, thing)

    def _called(self, call: Node, thing: Thing) -> None:
        """A function of the SDK is called."""
        given = arguments(call)
        if thing.kind == "class":  # DynamoDBDocument.from
            self.holders.go(call, Thing("client", thing.of))
        elif thing.name == "createPresignedPost":
            second = given[1] if len(given) > 1 else None
            is_plain = all(one.kind != "spread_element" for one in given)
            self.met.call(call, "s3", "PutObject", second if is_plain else None)
        else:
            self.met.lost(call, thing)

    def _argument(self, given: Node, node: Node, thing: Thing) -> None:
        call = given.parent
        callee = unwrapped(call.get("function") or call.get("constructor")) if call else None
        if call is None or callee is None:
            self.met.lost(node, thing)
            return
        if (thing.kind == "package" and is_interop(callee)) or self.callees.hands_back(callee):
            self.holders.go(call, thing)
        elif is_console(callee) or is_of_sdk(callee):
            return
        else:
            self._given_to(self.callees.functions(callee, call), given, node, thing)

    def _given_to(self, functions: list[Node], given: Node, node: Node, thing: Thing) -> None:
        if not functions:
            self.met.lost(node, thing)
        place = dict(positions(given)).get(node, "?")
        for function in functions:
            wanted = parameters(function)
            is_told = (
                place != "?"
                and b"arguments" not in function.module.source[function.start : function.end]
            )
            if is_told and int(place) < len(wanted) and wanted[int(place)].kind != "rest_pattern":
                self.holders.into(wanted[int(place)], thing)
            elif not is_told or any("rest_pattern" in _kinds(one) for one in wanted):
                self.met.lost(node, thing)

    def _returned(self, node: Node, thing: Thing) -> None:
        function: Node | None = node
        while function is not None and function.kind not in FUNCTIONS:
            function = function.parent
        name = function_name(function) if function is not None else None
        if function is None or name is None:
            outer = outer_of(function) if function is not None else None
            if (
                outer is not None
                and outer.kind == "call_expression"
                and _is_applied(function, outer)
            ):
                self.holders.go(outer, thing)
            else:
                self.met.lost(node, thing)
            return
        pair = function.parent
        if name in self.index.escaped or (pair is not None and is_descriptor(pair)):
            self.met.lost(node, thing)
        if function.kind.startswith("generator"):
            self.met.lost(node, thing)
        for call in self.index.calls.get(name, ()):
            self.holders.go(call, thing)
        self.holders.named(name, thing, node)  # a getter, or what a bundler exports


def _is_applied(function: Node | None, call: Node) -> bool:
    callee = unwrapped(call.get("function"))
    return callee is function


def _kinds(parameter: Node) -> set[str]:
    inner = parameter.get("pattern")
    return {parameter.kind} | ({inner.kind} if inner is not None else set())
