"""What a request's parameters name: the resource, the object's key, an event's source.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

from topology.evidence.code.javascript import lists
from topology.evidence.code.javascript.guards import guards_of
from topology.evidence.code.javascript.kinds import Literal, Value
from topology.evidence.code.javascript.met import Request
from topology.evidence.code.javascript.syntax import Node
from topology.evidence.code.javascript.values import Values
from topology.evidence.code.parameters import CONDITIONS, TARGETS
from topology.evidence.code.reading import CodeCall
from topology.evidence.code.texts import is_recipe
from topology.sets.recipes import Anything, Known, Recipe


def calls_of(request: Request, values: Values, is_reached: bool) -> list[CodeCall]:
    """A request as calls, one for each entry that it lists where that is known."""
    given = values.value(request.given)
    node, service, operation = request.node, request.service, request.operation
    target, key = _one(values, given, TARGETS.get(service, ())), None
    if service == "s3" and "Object" in operation + "Object" and operation != "CreateBucket":
        key = _one(values, given, ("Key",))
    every: list[tuple[Recipe, tuple[tuple[str, Recipe], ...]]] = [(target, ())]
    if operation == "PutEvents":
        every = _events(values, given)
    elif operation in ("BatchWriteItem", "TransactWriteItems"):
        every = [(table, ()) for table in _tables(values, given, operation)]
    guarded = guards_of(node, values)
    path, line = node.module.path, node.line
    return [
        CodeCall(path, line, service, operation, one, key, fields, guarded, is_reached)
        for one, fields in every
    ]


def _one(values: Values, given: Value, wanted: tuple[str, ...]) -> Recipe:
    """The text of the first parameter that is there; every doubt whether it is: any text."""
    if not isinstance(given, Literal) or given.node.kind != "object":
        return Anything()
    for name in wanted:
        has = values.objects.has(given.node, name)
        if has is None:
            return Anything()
        if has:
            value = values.member(given, name)
            return value if is_recipe(value) else Anything()
    return Anything()


def _events(values: Values, given: Value) -> list[tuple[Recipe, tuple[tuple[str, Recipe], ...]]]:
    unknown: list[tuple[Recipe, tuple[tuple[str, Recipe], ...]]] = [(Anything(), ())]
    if not isinstance(given, Literal) or given.node.kind != "object":
        return unknown
    entries = lists.elements(values, values.member(given, "Entries"))
    if not entries or len(entries) > 100:
        return unknown
    found = []
    for entry in entries:
        value = values.value(entry)
        if not isinstance(value, Literal) or value.node.kind != "object":
            return unknown
        named = values.objects.has(value.node, "EventBusName")
        bus = _one(values, value, ("EventBusName",)) if named is not False else Known("default")
        fields = tuple((name, _one(values, value, (name,))) for name in CONDITIONS)
        found.append((bus, fields))
    return found


def _tables(values: Values, given: Value, operation: str) -> list[Recipe]:
    if not isinstance(given, Literal) or given.node.kind != "object":
        return [Anything()]
    if operation == "BatchWriteItem":
        held = values.member(given, "RequestItems")
        if not isinstance(held, Literal) or held.node.kind != "object":
            return [Anything()]
        return [_table_key(values, child) for child in held.node.children] or [Anything()]
    found: list[Recipe] = []
    for entry in lists.elements(values, values.member(given, "TransactItems")) or ():
        value = values.value(entry)
        if not isinstance(value, Literal) or value.node.kind != "object":
            return [Anything()]
        for name in ("Put", "Update", "Delete"):
            if values.objects.has(value.node, name) is not False:
                found.append(_one(values, values.member(value, name), ("TableName",)))
    return found or [Anything()]


def _table_key(values: Values, child: Node) -> Recipe:
    key = child.get("key")
    if key is None:
        return Anything()
    if key.kind == "computed_property_name":
        return values.text(key.children[0] if key.children else None)
    if key.kind == "property_identifier":
        return Known(key.text)
    return values.text(key)
