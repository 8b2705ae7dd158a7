"""Commands and clients of the SDK that a bundler took into the function's own file.

They are known by the texts that they are made of, which no minifier changes.

Source: https://github.com/aws/aws-sdk-js-v3
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.evidence.code.javascript import names
from topology.evidence.code.javascript.expressions import string, unwrapped
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.syntax import Module, Node
from topology.evidence.code.javascript.things import Thing

LARGEST = 20_000  # bytes of what a command's class extends


def inlined(module: Module) -> Iterator[tuple[Node, Thing]]:
    """The classes of commands in a module."""
    for node in module.nodes("class_declaration", "class"):
        heritage = next((c for c in node.children if c.kind == "class_heritage"), None)
        if heritage is None or heritage.end - heritage.start > LARGEST:
            continue
        call = unwrapped(heritage.children[0] if heritage.children else None)
        if call is not None and call.kind == "call_expression":
            client, command = _built(call)
            if command:
                service = names.service_of(client)
                yield node, Thing("command", service, names.operation_of(command, service))


def _built(call: Node) -> tuple[str, str]:
    """The client and the command of the call a command's class is made by; empty: it is none."""
    now: Node | None = call
    while now is not None and now.kind == "call_expression":
        callee = unwrapped(now.get("function"))
        given = [string(arg) if arg.kind == "string" else None for arg in arguments(now)]
        if len(given) == 2 and given[0] and given[1] and given[1].endswith("Command"):
            return given[0], given[1]
        if callee is None:
            break
        if callee.kind == "identifier" and len(given) >= 3 and given[2]:
            maker = callee.scope.find(callee.text)
            made = unwrapped(maker.node) if maker is not None and maker.how == "value" else None
            if made is not None and made.kind == "call_expression":
                for arg in arguments(made):
                    text = string(arg) if arg.kind == "string" else None
                    if text and text.endswith("Client"):
                        return text, f"{given[2]}Command"
        now = callee.get("object")
    return "", ""
