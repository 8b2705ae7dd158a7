"""The functions that Lambda calls with the event.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import ast

from topology.evidence.code.python.flow import Flow
from topology.evidence.code.python.objects import Event, Fn, Outside
from topology.evidence.code.python.scopes import Scope

POWERTOOLS, CONTEXT = Outside("aws_lambda_powertools"), Outside("context")
# Decorators of Powertools that hand the event on as it is.
PASSING = frozenset(
    ("inject_lambda_context", "capture_lambda_handler", "log_metrics", "idempotent")
)


def find(flow: Flow, module: str, name: str) -> list[Scope]:
    """The functions that get the event as it is, after it was sent on its way; empty: no handler.

    What is around a handler and is not followed may call it with something else.
    """
    if module not in flow.modules:
        return []
    scope = flow.modules[module]
    handler = ("name", scope, name)
    event = ("event",)
    context = ("context",)
    flow.add(event, Event())
    flow.add(context, CONTEXT)
    flow.call(scope.node, handler, [event, context], {}, ("answer",), scope)
    flow.settle()
    found = [value.scope for value in flow.values[handler] if isinstance(value, Fn)]
    found = [each for each in found if not _is_called_elsewhere(flow, each, set())]
    for value in flow.values[handler]:
        if value == POWERTOOLS:
            for function in _passed(scope, name, flow):
                if not _is_called_elsewhere(flow, function, {POWERTOOLS, CONTEXT}):
                    found.append(function)
    return found if found or not flow.values[handler] else [scope]


def _passed(module: Scope, name: str, flow: Flow) -> list[Scope]:
    """A handler under decorators that all hand the event on."""
    found = []
    for scope in flow.scopes.values():
        node = scope.node
        is_it = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
        if is_it and scope.parent is module and all(map(_passes, node.decorator_list)):  # type: ignore[attr-defined]
            found.append(scope)
    return found


def _passes(decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    return name in PASSING


def _is_called_elsewhere(flow: Flow, function: Scope, but: set[Outside]) -> bool:
    """Whether something that is not followed may call a function with an event of its own."""
    for place, values in list(flow.values.items()):
        if isinstance(place, tuple) and place[0] == "held" and isinstance(place[1], Outside):
            is_in = any(isinstance(value, Fn) and value.scope is function for value in values)
            if is_in and place[1] not in but:
                return True
    return False
