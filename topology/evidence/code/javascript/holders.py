"""Where something of the AWS SDK is kept: names, properties, patterns, what modules export.

Source: https://tc39.es/ecma262/#sec-destructuring-assignment
"""

from __future__ import annotations

from topology.evidence.code.javascript import things
from topology.evidence.code.javascript.changes import is_property, members_in
from topology.evidence.code.javascript.expressions import member_name, outer_of, parameters
from topology.evidence.code.javascript.imports import imports
from topology.evidence.code.javascript.index import Index
from topology.evidence.code.javascript.met import Met
from topology.evidence.code.javascript.scopes import patterns
from topology.evidence.code.javascript.syntax import Binding, Module, Node
from topology.evidence.code.javascript.things import Thing, member_of

GLOBAL_OBJECTS = frozenset(["global", "globalThis", "window", "self"])
LISTING = ("values", "entries", "getOwnPropertyDescriptors", "getOwnPropertyDescriptor")
AT_RUN_TIME = "This may take a client of AWS by a name made at run time."


class Holders:
    """What holds things of the SDK; ``waiting`` are the expressions that are to be looked at."""

    def __init__(self, index: Index, met: Met) -> None:
        self.index, self.met = index, met
        self.waiting: list[tuple[Node, Thing]] = []
        self._seen: set[tuple[Node | Binding, Thing]] = set()
        self._held: dict[Thing, Node] = {}

    def go(self, node: Node, thing: Thing) -> None:
        """An expression makes it, which is to be looked at."""
        if thing.kind != "quiet" and (node, thing) not in self._seen:
            self._seen.add((node, thing))
            self.waiting.append((node, thing))

    def binding(self, binding: Binding, thing: Thing) -> None:
        """A name stands for it, here and wherever a module imports that name."""
        if thing.kind == "quiet" or (binding, thing) in self._seen:
            return
        self._seen.add((binding, thing))
        for use in binding.uses:
            self.go(use, thing)
        if _is_exported(binding):
            self.named(binding.name, thing, binding.node)

    def named(self, name: str, thing: Thing, node: Node) -> None:
        """It is held under a name: wherever that name is read or imported, it may be it."""
        if thing.kind != "quiet":
            self._held.setdefault(thing, node)
        for member in self.index.members.get(name, ()):
            self.go(member, thing)
        for binding in self.index.taken.get(name, ()):
            if binding.how != "import" or things.package_of(binding.path[0]) is None:
                self.binding(binding, thing)
        if name in self.index.changes.accessors:
            for setter in self.index.functions.get(name, ()):
                for parameter in parameters(setter):
                    self.into(parameter, thing)

    def lose_what_is_held(self) -> None:
        """What is held under a name may also be taken by one that is made at run time."""
        taking = [node for node in self.index.computed if not _hands_on(node)]
        for name in LISTING:
            for node in self.index.members.get(name, ()):
                base = node.get("object")
                is_of_all = base is not None and base.kind == "identifier" and base.text == "Object"
                if is_of_all and not _in_helper(node):
                    taking.append(node)
        for thing, node in self._held.items() if taking else ():
            if thing.kind in ("package", "class", "client"):
                for each in taking:
                    self.met.doubt(each, AT_RUN_TIME)
            else:
                self.met.lost(node, thing)

    def default(self, node: Node, thing: Thing) -> None:
        """A module's own value: every import of the module may be it."""
        module = node.module
        for name in ("default", "*"):
            for binding in self.index.imports.get(name, ()):
                if self._may_mean(binding.node.module, binding.path[0], module):
                    self.binding(binding, thing)
        for other in self.index.modules:
            for call, specifier in imports(other):
                if call.kind == "call_expression" and self._may_mean(other, specifier, module):
                    self.go(call, thing)
        self.named("default", thing, node)

    def _may_mean(self, importer: Module, specifier: str, module: Module) -> bool:
        for path in self.index.package.meant(importer.path, specifier):
            known = self.index.package.modules.get(path)
            if path == module.path:
                return True
            if known is not None and b"export" in known.source and b"from" in known.source:
                return True
        return False

    def into(self, target: Node | None, thing: Thing) -> None:
        """It is put into a variable, a property or what a pattern takes of it."""
        if target is None:
            return
        if target.kind in ("member_expression", "subscript_expression"):
            self._into_member(target, thing)
            return
        for leaf, path, _ in patterns(target, ()):
            inner = thing
            for name in path:
                inner = self._taken(leaf, inner, name)
            binding = leaf.scope.find(leaf.text)
            if binding is None:
                self.met.lost(leaf, inner)
            else:
                self.binding(binding, inner)
        for member in members_in(target):
            self.met.lost(member, thing)
        inner_pattern = target.get("pattern")
        if inner_pattern is not None and is_property(target):
            self.named(inner_pattern.text, thing, target)

    def _taken(self, leaf: Node, thing: Thing, name: str) -> Thing:
        if name == "?" or (thing.kind == "client" and name != "send"):
            self.met.lost(leaf, thing)
            return things.QUIET
        return member_of(thing, name)

    def _into_member(self, target: Node, thing: Thing) -> None:
        name, base = member_name(target), target.get("object")
        if name is None or (
            base is not None and base.kind == "identifier" and base.text in GLOBAL_OBJECTS
        ):
            self.met.lost(target, thing)
        elif target.text == "module.exports":
            self.default(target, thing)
            self.named("exports", thing, target)
        else:
            self.named(name, thing, target)


def _is_exported(binding: Binding) -> bool:
    """``export const name = …`` and the like."""
    node: Node | None = binding.node
    for _ in range(4):
        if node is None or node.kind == "export_statement":
            break
        node = node.parent
    return node is not None and node.kind == "export_statement" and binding.how != "import"


def _hands_on(node: Node) -> bool:
    """Whether a name made at run time is that under which a bundler's helper puts it again."""
    holder, index = node.parent, node.get("index")
    if holder is not None and holder.kind == "arrow_function":
        holder = holder.parent
    if holder is None or index is None or not is_descriptor(holder):
        return False
    call = holder.parent.parent if holder.parent is not None else None
    return call is not None and len(call.children) == 3 and call.children[1].text == index.text


def _in_helper(node: Node) -> bool:
    return outer_of(node).kind == "variable_declarator"


def is_descriptor(pair: Node) -> bool:
    """Whether a pair is of what ``Object.defineProperty`` is told, so that its name is another."""
    literal = pair.parent if pair.kind == "pair" else None
    given = literal.parent if literal is not None else None
    if given is None or given.kind != "arguments":
        return False
    return len(given.children) == 3 and given.children[2] is literal
