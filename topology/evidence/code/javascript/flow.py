"""Where clients and commands of the AWS SDK go in the code, from their import to each call.

Building a command counts as sending it. What a client goes into and is not followed is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from topology.evidence.code.javascript import names
from topology.evidence.code.javascript.index import Index, function_name, unwrapped
from topology.evidence.code.javascript.package import arguments, first_literal, imports
from topology.evidence.code.javascript.scopes import patterns, property_name, string
from topology.evidence.code.javascript.syntax import FUNCTIONS, Binding, Module, Node

MAX_WORK = 200_000
ESCAPES = "A client of AWS goes where it is not followed."
PASSING = frozenset(
    [
        "parenthesized_expression",
        "await_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "ternary_expression",
        "binary_expression",
        "sequence_expression",
        "type_assertion",
    ]
)
HARMLESS = frozenset(
    [
        "expression_statement",
        "unary_expression",
        "import_specifier",
        "import_clause",
        "import_statement",
        "named_imports",
        "namespace_import",
        "export_specifier",
        "export_clause",
        "if_statement",
    ]
)


@dataclass(frozen=True, slots=True)
class Thing:
    """Of the SDK: a ``package``, a ``member`` of one (``name``), or a ``client``.

    Of a client ``name`` is empty where it only sends commands, which count where they are built.
    """

    kind: str
    package: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A call of an operation and the expression of its parameters."""

    node: Node
    service: str
    operation: str
    given: Node | None


class Flow:
    """Follows all that comes from the SDK through the modules of a package."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.requests: dict[tuple[Node, str], Request] = {}
        self.doubts: list[tuple[Node, str]] = []
        self._seen: set[tuple[object, Thing]] = set()
        self._is_held = False
        self._waiting: list[tuple[Node, Thing]] = []

    def run(self, modules: list[Module]) -> None:
        """Follow every import of the SDK and every command built into the modules."""
        for module in modules:
            self._start(module)
        work = 0
        while self._waiting:
            node, thing = self._waiting.pop()
            work += 1
            if work > MAX_WORK:
                self._doubt(node, "This uses clients of AWS in too many places to follow.")
                return
            self._step(node, thing)
        if self._is_held:  # whatever is taken by a name made at run time may be a client
            for node in self.index.computed:
                self._doubt(node, "This may take a client of AWS by a name made at run time.")

    def _start(self, module: Module) -> None:
        for node, specifier in imports(module):
            package = _package(specifier)
            if package is None:
                continue
            if node.kind == "call_expression":
                self._go(node, Thing("package", package))
                continue
            if node.kind == "export_statement":
                self._doubt(node, ESCAPES)
                continue
        for scope in {node.scope for nodes in module.by_kind.values() for node in nodes}:
            for binding in scope.names.values():
                if binding.how == "import" and (package := _package(binding.path[0])) is not None:
                    whole = binding.path[1] in ("*", "default")
                    kind = "package" if whole else "member"
                    inner = Thing(kind, package, "" if whole else binding.path[1])
                    self._binding(binding, _of_v2_client(inner))
        for node in module.nodes("class_declaration", "class"):
            self._inlined(node)

    def _inlined(self, node: Node) -> None:
        """A command's class that a bundler took from the SDK, known by the texts it is made of."""
        heritage = next((c for c in node.children if c.kind == "class_heritage"), None)
        if heritage is None or heritage.end - heritage.start > 20_000:
            return
        call = unwrapped(heritage.children[0] if heritage.children else None)
        if call is None or call.kind != "call_expression":
            return
        client, command = _built(call)
        if command:
            thing = Thing("member", f"@aws-sdk/client-{client.removesuffix('Client')}", command)
            self._class(node, thing)

    def _class(self, node: Node, thing: Thing) -> None:
        name = node.get("name")
        if name is not None and (binding := node.scope.find(name.text)) is not None:
            self._binding(binding, thing)
        if node.kind == "class":
            self._go(node, thing)

    def _go(self, node: Node, thing: Thing) -> None:
        if (node, thing) not in self._seen:
            self._seen.add((node, thing))
            self._waiting.append((node, thing))

    def _doubt(self, node: Node, reason: str) -> None:
        self.doubts.append((node, reason))

    def _call(self, node: Node, service: str, operation: str, given: Node | None) -> None:
        self.requests[node, operation] = Request(node, service, operation, given)

    def _binding(self, binding: Binding, thing: Thing) -> None:
        for use in binding.uses:
            self._go(use, thing)
        for name, bound in self._aliases(binding):
            if name == binding.name and bound is not binding:
                self._binding_once(bound, thing)

    def _aliases(self, binding: Binding) -> Iterator[tuple[str, Binding]]:
        """Imports of this name elsewhere in the package, for what a module exports."""
        for bound in self.index.imports.get(binding.name, ()):
            if _package(bound.path[0]) is None:
                yield binding.name, bound

    def _binding_once(self, binding: Binding, thing: Thing) -> None:
        if (binding, thing) not in self._seen:
            self._seen.add((binding, thing))
            self._binding(binding, thing)

    def _property(self, name: str, thing: Thing) -> None:
        """It is held under a name: wherever that name is read, it may be it."""
        if thing.kind == "package" or (thing.kind == "client" and thing.name):
            self._is_held = True
        for member in list(self.index.members.get(name, ())):
            self._go(member, thing)
        for binding in list(self.index.taken.get(name, ())):
            if binding.how != "import" or _package(binding.path[0]) is None:
                self._binding_once(binding, thing)

    def _lost(self, node: Node, thing: Thing) -> None:
        """It goes somewhere unknown: a command may be sent, a client may be called."""
        if thing.kind == "member" and _is_command(thing):
            service = _service(thing)
            self._call(node, service, names.operation_of(thing.name, service), None)
        elif (thing.kind != "client" or thing.name) and (
            thing.kind != "member" or thing.name[:1].isupper()
        ):
            self._doubt(node, ESCAPES)

    def _step(self, node: Node, thing: Thing) -> None:
        parent = node.parent
        if parent is None or parent.kind in HARMLESS:
            if parent is not None and parent.kind == "export_specifier":
                alias = parent.get("alias")
                if alias is not None:
                    for bound in self.index.imports.get(alias.text, ()):
                        self._binding_once(bound, thing)
                    self._property(alias.text, thing)
                elif parent.get("name") is not None:
                    self._property(node.text, thing)
            return
        kind = parent.kind
        if kind in PASSING:
            operator = parent.get("operator")
            if operator is None or operator.text in ("||", "??", "&&"):
                self._go(parent, thing)
        elif kind == "variable_declarator" and node.field == "value":
            self._into(parent.get("name"), thing)
        elif kind in ("assignment_expression", "assignment_pattern", "augmented_assignment_expression", "object_assignment_pattern"):  # fmt: skip  # noqa: E501
            if node.field == "right":
                self._into(parent.get("left"), thing)
                if "assignment_expression" in kind:
                    self._go(parent, thing)
        elif kind in ("member_expression", "subscript_expression"):
            if node.field == "object":
                self._member(parent, thing)
            else:
                self._lost(node, thing)
        elif kind == "new_expression" and node.field == "constructor":
            self._new(parent, thing)
        elif kind == "call_expression" and node.field == "function":
            self._lost(node, thing) if thing.kind != "member" else self._function(parent, thing)
        elif kind == "arguments":
            self._argument(parent, node, thing)
        elif kind in ("pair", "public_field_definition", "field_definition"):
            key = parent.get("key") or parent.get("name") or parent.get("property")
            name = property_name(key) if key is not None else None
            self._property(name, thing) if name else self._lost(node, thing)
        elif kind == "object":  # {client}
            self._property(node.text, thing)
        elif kind in ("required_parameter", "optional_parameter"):
            self._into(parent.get("pattern"), thing)
        elif kind == "return_statement" or (kind == "arrow_function" and node.field == "body"):
            self._returned(parent, thing)
        elif kind == "class_heritage":
            self._extended(node, parent, thing)
        elif kind == "export_statement":
            for bindings in (self.index.imports["default"], self.index.imports["*"]):
                for bound in bindings:
                    if _package(bound.path[0]) is None:
                        self._binding_once(bound, thing)
        elif kind in ("extends_clause", "class_body", "computed_property_name"):
            self._lost(node, thing)
        else:
            self._lost(node, thing)

    def _into(self, target: Node | None, thing: Thing) -> None:
        if target is None:
            return
        if target.kind in ("member_expression", "subscript_expression"):
            name = self.index.member_name(target)
            base = target.get("object")
            if name is None or (base is not None and base.text in GLOBALS):
                self._lost(target, thing)
            elif target.text == "module.exports":
                for bindings in (self.index.imports["default"], self.index.imports["*"]):
                    for bound in bindings:
                        if _package(bound.path[0]) is None:
                            self._binding_once(bound, thing)
                self._required(target.module, thing)
            else:
                self._property(name, thing)
                for bound in self.index.imports.get(name, ()):
                    self._binding_once(bound, thing)
            return
        for leaf, path, _ in patterns(target, ()):
            inner = thing
            for name in path:
                inner = _member_of(inner, name)
            binding = leaf.scope.find(leaf.text)
            if (thing.kind == "client" and path and path != ("send",)) or "?" in path:
                self._lost(leaf, thing)
            elif binding is not None and not (thing.kind == "client" and path):
                self._binding_once(binding, inner)

    def _required(self, module: Module, thing: Thing) -> None:
        for other in self.index.modules:
            for node, specifier in imports(other):
                path = self.index.package.resolve(other.path, specifier)
                if node.kind == "call_expression" and path == module.path:
                    self._go(node, thing)

    def _member(self, node: Node, thing: Thing) -> None:
        name = self.index.member_name(node)
        if name is None:
            self._doubt(node, "This names an operation or a command of AWS at run time.")
            return
        if thing.kind != "client":
            if name in ("then", "catch", "finally", "promise"):
                self._lost(node, thing)
            elif name != "prototype":
                self._go(node, _member_of(thing, name))
            return
        if name == "middlewareStack":
            self._doubt(node, "This changes what a client of AWS sends.")
            return
        if not thing.name or name in (
            "send",
            *names.QUIET - {"getSignedUrl", "getSignedUrlPromise", "createPresignedPost"},
        ):
            return
        if name.startswith(("paginate", "waitUntil")):
            return
        call = node.parent
        given = None
        operation = name
        if call is not None and call.kind == "call_expression" and node.field == "function":
            values = arguments(call)
            given = values[0] if values else None
            if name in ("makeRequest", "getSignedUrl", "getSignedUrlPromise"):
                literal = first_literal(call)
                if literal is None:
                    self._doubt(node, "This names an operation or a command of AWS at run time.")
                    return
                operation, given = literal, values[1] if len(values) > 1 else None
        if name in ("upload", "createPresignedPost") and thing.package == "s3":
            operation = "PutObject"
        self._call(node, thing.package, names.operation_of(operation, thing.package), given)

    def _new(self, node: Node, thing: Thing) -> None:
        given = arguments(node)
        first = given[0] if given else None
        if thing.kind != "member":
            if thing.kind == "package" and thing.package.startswith("aws-sdk/clients"):
                self._go(node, Thing("client", _v2_service(thing.package), "calls"))
            else:
                self._lost(node, thing)
            return
        name, package = thing.name, thing.package
        if _is_command(thing):
            service = _service(thing)
            self._call(node, service, names.operation_of(name, service), first)
        elif package == "@aws-sdk/lib-storage" and name == "Upload":
            self._upload(node, first)
        elif "signature-v4" in package or name in ("SignatureV4", "HttpClient", "NodeHttpClient"):
            self._doubt(node, "This signs or sends requests to AWS by itself.")
        elif package.startswith("aws-sdk"):
            if name in ("S3.ManagedUpload", "ManagedUpload"):
                self._upload(node, first)
            elif name.split(".")[0] not in QUIET_V2 and "Credentials" not in name:
                self._go(node, Thing("client", names.service_of(name.split(".")[0]), "calls"))
        elif names.service_of_package(package):
            if name.endswith("Client"):
                self._go(node, Thing("client", _service(thing)))
            elif not name.endswith(("Exception", "Error")) and name != "NotFound":
                self._go(node, Thing("client", _service(thing), "calls"))

    def _upload(self, node: Node, first: Node | None) -> None:
        params = None
        if first is not None and first.kind == "object":
            for child in first.children:
                key = child.get("key")
                if key is not None and property_name(key) == "params":
                    params = child.get("value")
                elif child.kind == "shorthand_property_identifier" and child.text == "params":
                    params = child
        for operation in ("PutObject", "CompleteMultipartUpload"):
            self._call(node, "s3", operation, params)

    def _function(self, call: Node, thing: Thing) -> None:
        """A function of the SDK is called."""
        name = thing.name
        if name in ("DynamoDBDocumentClient.from", "DynamoDBDocument.from"):
            bare = name.startswith("DynamoDBDocumentClient")
            self._go(call, Thing("client", "dynamodb", "" if bare else "calls"))
        elif name == "createPresignedPost":
            given = arguments(call)
            self._call(call, "s3", "PutObject", given[1] if len(given) > 1 else None)
        elif _is_command(thing):
            self._lost(call, thing)

    def _argument(self, parent: Node, node: Node, thing: Thing) -> None:
        call = parent.parent
        if call is None:
            return
        callee = unwrapped(call.get("function") or call.get("constructor"))
        if callee is None:
            return
        name = callee.text if callee.kind == "identifier" else self.index.member_name(callee)
        position = parent.children.index(node)
        if node.kind == "call_expression" and thing.kind == "package" and not position:
            self._go(call, thing)  # an interop helper around require
            return
        if name is not None and name.startswith("captureAWS"):
            self._go(call, thing)
            return
        if callee.text.startswith("console.") or self._is_of_sdk(callee):
            return
        for function in self._functions(callee, call, name):
            given = function.get("parameters")
            one = function.get("parameter")
            patterns_ = given.children if given is not None else [one] if one is not None else []
            if position < len(patterns_) and patterns_[position].kind != "rest_pattern":
                self._into_parameter(patterns_[position], thing)
            elif patterns_ or b"arguments" in function.module.source[function.start : function.end]:
                self._lost(node, thing)
            return_to = None
            del return_to
        if not self._functions(callee, call, name):
            self._lost(node, thing)

    def _into_parameter(self, target: Node, thing: Thing) -> None:
        self._into(target, thing)
        has = any(c.kind in ("accessibility_modifier", "readonly") for c in target.children)
        inner = target.get("pattern")
        if inner is not None:
            self._into(inner, thing)
            if has:
                self._property(inner.text, thing)

    def _functions(self, callee: Node, call: Node, name: str | None) -> list[Node]:
        if callee.kind in FUNCTIONS:
            return [callee]
        if name is None:
            return []
        if call.kind == "new_expression":
            return list(self.index.functions.get("constructor", ()))
        binding = callee.scope.find(name) if callee.kind == "identifier" else None
        if binding is not None and binding.how == "import":
            name = binding.path[1]
        return self.index.functions.get(name, [])

    def _is_of_sdk(self, callee: Node) -> bool:
        root: Node | None = callee
        while root is not None and root.kind in ("member_expression", "subscript_expression"):
            root = root.get("object")
        if root is None or root.kind != "identifier":
            return False
        seen = {thing.kind for node, thing in self._seen if node is root and thing.kind != "client"}
        return bool(seen)

    def _returned(self, node: Node, thing: Thing) -> None:
        function: Node | None = node
        while function is not None and function.kind not in FUNCTIONS:
            function = function.parent
        name = function_name(function) if function is not None else None
        if function is None or name is None:
            outer = function.parent if function is not None else None
            while outer is not None and outer.kind == "parenthesized_expression":
                outer = outer.parent
            if outer is not None and outer.kind == "call_expression":
                self._go(outer, thing)
            else:
                self._lost(node, thing)
            return
        for call in self.index.calls.get(name, ()):
            self._go(call, thing)
        self._property(name, thing)  # a getter
        if name in self.index.escaped:
            self._lost(node, thing)

    def _extended(self, node: Node, heritage: Node, thing: Thing) -> None:
        if heritage.parent is not None and thing.kind == "member":
            self._class(heritage.parent, thing)
            if not _is_command(thing) and not thing.name.endswith("Client"):
                self._doubt(node, ESCAPES)
        else:
            self._lost(node, thing)


GLOBALS = frozenset(["global", "globalThis", "window", "self"])
QUIET_V2 = frozenset(
    ["config", "Config", "Credentials", "Endpoint", "util", "AWSError", "Response"]
)


def _member_of(thing: Thing, name: str) -> Thing:
    if thing.kind == "client" or name in ("default", "prototype"):
        return thing
    if thing.kind == "package":
        return _of_v2_client(Thing("member", thing.package, name))
    return Thing("member", thing.package, f"{thing.name}.{name}")


def _of_v2_client(thing: Thing) -> Thing:
    if thing.kind == "member" and thing.package.startswith("aws-sdk/clients/"):
        return thing
    return thing


def _v2_service(package: str) -> str:
    return names.service_of(package.rsplit("/", 1)[-1].removesuffix(".js"))


def _package(specifier: str) -> str | None:
    return specifier if names.SDK.match(specifier) else None


def _is_command(thing: Thing) -> bool:
    known = names.service_of_package(thing.package)
    return thing.name.endswith("Command") and bool(known) and thing.name != "$Command"


def _service(thing: Thing) -> str:
    return names.service_of_package(thing.package)


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
