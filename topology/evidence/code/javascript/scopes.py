"""Which declaration a name refers to: scopes are filled, then every use is led to its own.

Source: https://tc39.es/ecma262/#sec-executable-code-and-execution-contexts
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.evidence.code.javascript.expressions import (
    parameters,
    positions,
    property_name,
    string,
)
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Module, Node, Scope

PATTERNS = ("object_pattern", "array_pattern")
Named = tuple[Node, tuple[str, ...], "Node | None"]


def bind(module: Module) -> None:
    """Fill the scopes of a module and note all uses of every name."""
    declared: set[Node] = set()
    for node in module.nodes("import_statement"):
        declared.update(_imports(node))
    for node in module.nodes(*sorted(FUNCTIONS)):
        declared.update(_function(node))
    for kind in ("class_declaration", "class", "enum_declaration", "abstract_class_declaration"):
        for node in module.nodes(kind):
            name = node.get("name")
            if name is not None:
                scope = node.scope
                how = "unknown" if kind == "enum_declaration" else "class"
                scope.names.setdefault(name.text, Binding(name.text, how, node))
                declared.add(name)
    for node in module.nodes("variable_declarator"):
        target, value = node.get("name"), node.get("value")
        if target is not None and not _is_ambient(node):
            is_var = node.parent is not None and node.parent.kind == "variable_declaration"
            scope = _of_function(node.scope) if is_var else node.scope
            declared.update(_declare(scope, target, value, ()))
    for node in module.nodes("for_in_statement"):
        left, right, operator = node.get("left"), node.get("right"), node.get("operator")
        if left is not None and node.get("kind") is not None:
            is_of = operator is not None and operator.text == "of"
            declared_by = node.get("kind")
            is_var = declared_by is not None and declared_by.text == "var"
            scope = _of_function(node.scope) if is_var else node.scope
            declared.update(_declare(scope, left, right if is_of else None, ("*",)))
    for node in module.nodes("catch_clause"):
        target = node.get("parameter")
        if target is not None:
            declared.update(_declare(node.scope, target, None, ()))
    _assignments(module)
    for node in module.nodes("identifier", "shorthand_property_identifier"):
        if node not in declared:
            binding = node.scope.find(node.text)
            if binding is not None:
                binding.uses.append(node)


def _is_ambient(declarator: Node) -> bool:
    """``declare const x``: the name is somebody else's, often a global's."""
    statement = declarator.parent
    outer = statement.parent if statement is not None else None
    return outer is not None and outer.kind == "ambient_declaration"


def _of_function(scope: Scope) -> Scope:
    while scope.outer is not None and (scope.node is None or scope.node.kind not in FUNCTIONS):
        scope = scope.outer
    return scope


def patterns(target: Node, path: tuple[str, ...]) -> Iterator[Named]:
    """The names in a pattern, the path that each takes into the value, and its default."""
    waiting: list[tuple[Node, tuple[str, ...], Node | None]] = [(target, path, None)]
    while waiting:
        node, way, default = waiting.pop()
        kind = node.kind
        if kind in ("identifier", "shorthand_property_identifier_pattern"):
            own = node.text if kind != "identifier" else None
            yield node, (*way, own) if own is not None else way, default
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            left, right = node.get("left"), node.get("right")
            if left is not None:
                waiting.append((left, _into(left, way, right), right))
        elif kind in ("required_parameter", "optional_parameter"):
            inner, value = node.get("pattern"), node.get("value")
            if inner is not None:
                waiting.append((inner, _into(inner, way, value), value))
        elif kind == "pair_pattern":
            key, value = node.get("key"), node.get("value")
            if key is not None and value is not None:
                waiting.append((value, (*way, property_name(key) or "?"), None))
        elif kind == "object_pattern":
            waiting.extend((child, way, None) for child in node.children)
        elif kind == "array_pattern":
            waiting.extend((child, (*way, place), None) for child, place in positions(node))
        elif kind == "rest_pattern":
            waiting.extend((child, (*way, "?"), None) for child in node.children)


def _into(target: Node, way: tuple[str, ...], default: Node | None) -> tuple[str, ...]:
    """A pattern that has a default is taken out of one of two values: its way is not told."""
    return (*way, "?") if default is not None and target.kind in PATTERNS else way


def _declare(
    scope: Scope, target: Node, value: Node | None, path: tuple[str, ...]
) -> Iterator[Node]:
    for node, way, default in patterns(target, path):
        yield node
        name = node.text
        known = scope.names.get(name)
        if known is not None:  # declared twice (var), or a parameter of that name
            known.assigned.append((value, way))
            if default is not None:
                known.assigned.append((default, ()))
        elif value is None:
            parent = target.parent
            how = "value" if parent is not None and parent.kind == "variable_declarator" else ""
            scope.names[name] = Binding(name, how or "unknown", target, ("undefined",))
        else:
            scope.names[name] = Binding(name, "value", value, way, default=default)


def _function(node: Node) -> Iterator[Node]:
    name = node.get("name")
    if name is not None and node.kind != "method_definition":
        declares = "declaration" in node.kind
        scope = node.scope.outer if declares and node.scope.outer is not None else node.scope
        known = scope.names.get(name.text)
        if known is None:
            scope.names[name.text] = Binding(name.text, "function", node)
        else:
            known.assigned.append((None, ()))
        yield name
    for index, pattern in enumerate(parameters(node)):
        for target, way, default in patterns(pattern, ()):
            yield target
            node.scope.names[target.text] = Binding(target.text, "param", node, way, index, default)


def _imports(node: Node) -> Iterator[Node]:
    source = node.get("source")
    waiting = list(node.children)
    while waiting:
        child = waiting.pop()
        if child.kind == "import_require_clause":
            source = child.get("source")
        where = (string(source) if source is not None else None) or ""
        names = child.scope.names
        if child.kind == "import_specifier":
            name, alias = child.get("name"), child.get("alias")
            if name is not None:
                local = alias or name
                own = string(name) if name.kind == "string" else name.text
                names[local.text] = Binding(local.text, "import", node, (where, own or "?"))
                yield from (name, local)
        elif child.kind == "identifier":
            parent = child.parent
            star = parent is not None and parent.kind in (
                "namespace_import",
                "import_require_clause",
            )
            path = (where, "*" if star else "default")
            names[child.text] = Binding(child.text, "import", node, path)
            yield child
        else:
            waiting.extend(child.children)


def _assignments(module: Module) -> None:
    for node in module.nodes("assignment_expression"):
        left, right = node.get("left"), node.get("right")
        if left is None or left.kind in ("member_expression", "subscript_expression"):
            continue
        for target, way, default in patterns(left, ()):
            binding = target.scope.find(target.text)
            if binding is not None:
                binding.assigned.append((right, way))
                if default is not None:
                    binding.assigned.append((default, ()))
    for node in module.nodes("augmented_assignment_expression", "update_expression"):
        changed = node.get("left") or node.get("argument")
        if changed is not None and changed.kind == "identifier":
            binding = changed.scope.find(changed.text)
            if binding is not None:
                binding.assigned.append((None, ()))
    for node in module.nodes("for_in_statement"):
        left = node.get("left")
        if left is not None and node.get("kind") is None:
            for target, _, _ in patterns(left, ()):
                binding = target.scope.find(target.text)
                if binding is not None:
                    binding.assigned.append((None, ()))
