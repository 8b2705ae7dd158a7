"""The files of a deployment package: which is meant by an import, and which the handler reaches.

Source: https://nodejs.org/api/modules.html#all-together
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping

from topology.evidence.code.javascript import names, scopes
from topology.evidence.code.javascript.syntax import Module, Node, UnparsableError
from topology.evidence.code.reading import Doubt

ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
MAX_FILE = 4_000_000  # bytes
MAX_ALL = 16_000_000
SHIM = "Dynamic require of"  # what a bundler's own ``require`` says where there is none


class Package:
    """What was deployed. Modules are parsed when something reaches them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.modules: dict[str, Module] = {}
        self.doubts: list[Doubt] = []
        self.imported: set[str] = set()  # packages and modules named by literal imports
        self.read = 0
        self._failed: set[str] = set()

    def load(self, path: str) -> Module | None:
        """A module, parsed once; None with a doubt: it cannot be read."""
        if path in self.modules or path in self._failed:
            return self.modules.get(path)
        source = self.files[path]
        self.read += len(source)
        reason = ""
        if len(source) > MAX_FILE or self.read > MAX_ALL:
            reason = "is too large to be read"
        else:
            try:
                module = Module(path, source)
                scopes.bind(module)
                self.modules[path] = module
                return module
            except UnparsableError as error:
                reason = str(error)
        self._failed.add(path)
        self.doubts.append(Doubt(path, 0, f"This file {reason}."))
        return None

    def reach(self, start: str) -> None:
        """Parse a module and all that it imports by literals; what is not found is a doubt."""
        waiting, seen = [start], {start}
        while waiting:
            module = self.load(waiting.pop())
            if module is None:
                continue
            for node, specifier in imports(module):
                self.imported.add(specifier.removeprefix("node:"))
                found = self.resolve(module.path, specifier)
                if found is None:
                    self._unfound(node, specifier)
                elif found.endswith((".node", ".wasm")):
                    self._doubt(node, "This runs native code.")
                elif found not in seen and found.endswith(ENDINGS):
                    seen.add(found)
                    waiting.append(found)

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The file an import means; empty: the runtime's own or the SDK's; None: nowhere."""
        name = specifier.removeprefix("node:")
        if specifier.startswith((".", "/")):
            folder = posixpath.dirname(importer)
            path = posixpath.normpath(posixpath.join(folder, specifier)).lstrip("/")
            return self._file(path.removeprefix("var/task/"))
        if is_runtimes(specifier) or names.KNOWN.match(name):
            return ""
        folder = posixpath.dirname(importer)
        places = []
        while True:
            places.append(posixpath.join(folder, "node_modules"))
            if not folder:
                break
            folder = posixpath.dirname(folder)
        places += ["opt/nodejs/node_modules", "opt/node_modules"]
        places += [f"opt/nodejs/node{n}/node_modules" for n in (18, 20, 22, 24)]
        for place in places:
            found = self._file(posixpath.join(place, name)) or self._exported(place, name)
            if found is not None:
                return found
        return None

    def _file(self, path: str) -> str | None:
        stem, end = posixpath.splitext(path)
        swapped = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",)}.get(end, ())
        tries = [path, *(stem + other for other in swapped)]
        tries += [path + other for other in (*ENDINGS, ".json", ".node")]
        for candidate in tries:
            if candidate in self.files and posixpath.splitext(candidate)[1]:
                return candidate
        manifest = self.manifest(path)
        for main in (manifest.get("main"), "index"):
            if isinstance(main, str):
                inner = posixpath.normpath(posixpath.join(path, main))
                for candidate in (
                    inner,
                    *(inner + other for other in (*ENDINGS, ".json", ".node")),
                    *(f"{inner}/index{other}" for other in ENDINGS),
                ):
                    if candidate in self.files and posixpath.splitext(candidate)[1]:
                        return candidate
        return path if path in self.files else None

    def _exported(self, place: str, name: str) -> str | None:
        """The first file that a package's ``exports`` give for a name, the last for ``node``."""
        parts = name.split("/")
        size = 2 if name.startswith("@") else 1
        root = posixpath.join(place, *parts[:size])
        inner = "/".join((".", *parts[size:]))
        exports = self.manifest(root).get("exports")
        if isinstance(exports, dict) and any(str(key).startswith(".") for key in exports):
            exports = exports.get(inner)
        elif inner != ".":
            return None
        waiting, steps = [exports], 0
        while waiting and steps < 100:
            steps += 1
            now = waiting.pop()
            if isinstance(now, str):
                found = posixpath.normpath(posixpath.join(root, now))
                if found in self.files and not found.endswith(".d.ts"):
                    return found
            elif isinstance(now, dict):
                order = ("default", "import", "require", "node")
                known = [now[key] for key in order if key in now]
                waiting.extend(known)
            elif isinstance(now, list):
                waiting.extend(reversed(now))
        return None

    def manifest(self, folder: str) -> dict[str, object]:
        """What a folder's package.json says; empty where there is none."""
        source = self.files.get(posixpath.join(folder, "package.json"))
        if source is None or len(source) > 1_000_000:
            return {}
        try:
            read = json.loads(source)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    def _unfound(self, node: Node, specifier: str) -> None:
        name = specifier.removeprefix("node:").split("/")[0]
        if name in names.REACHING:
            return  # said where it is used
        self._doubt(node, "This imports a module that is not in the package.")

    def _doubt(self, node: Node, reason: str) -> None:
        self.doubts.append(Doubt(node.module.path, node.line, reason))


def is_runtimes(specifier: str) -> bool:
    """Whether a module comes with Node and can do nothing but what is known."""
    name = specifier.removeprefix("node:")
    top = name.split("/")[0]
    if top in names.REACHING:
        return specifier.startswith("node:") or name in [
            "http",
            "https",
            "http2",
            "net",
            "tls",
            "dgram",
            "child_process",
            "cluster",
            "worker_threads",
            "vm",
            "module",
            "inspector",
            "repl",
            "wasi",
        ]
    return top in names.BUILTIN


def imports(module: Module) -> Iterator[tuple[Node, str]]:
    """Every import by a literal and the module that it names; imports of types are none."""
    for node in module.nodes("import_statement", "export_statement"):
        head = module.source[node.start : node.start + 24].split()
        clause = next((c for c in node.children if c.kind == "import_require_clause"), node)
        source = clause.get("source")
        named = scopes.string(source) if source is not None else None
        if named is not None and (len(head) < 2 or head[1] != b"type"):
            yield node, named
    for node in module.nodes("call_expression"):
        callee = node.get("function")
        if callee is not None and (callee.kind == "import" or requires(callee)):
            named = first_literal(node)
            if named is not None:
                yield node, named


def first_literal(call: Node) -> str | None:
    """The text that a call's first argument is, if it is one."""
    given = arguments(call)
    if given and given[0].kind == "template_string":
        return scopes.string(given[0])
    return scopes.string(given[0]) if given and given[0].kind == "string" else None


def arguments(call: Node) -> list[Node]:
    """The arguments of a call or of ``new``."""
    given = call.get("arguments")
    return given.children if given is not None and given.kind == "arguments" else []


def requires(callee: Node) -> bool:
    """Whether a callee is ``require``, ``require.resolve``'s sibling, or made to be like it."""
    if callee.kind == "member_expression":
        base, name = callee.get("object"), callee.get("property")
        return (
            base is not None
            and name is not None
            and base.text == "module"
            and name.text == "require"
        )
    if callee.kind != "identifier":
        return False
    binding = callee.scope.find(callee.text)
    if binding is None:
        return callee.text == "require"
    if binding.how != "value" or binding.path:
        return False
    return is_require_maker(binding.node)


def is_require_maker(value: Node) -> bool:
    """Whether a value is a ``require`` that a bundler or ``createRequire`` makes."""
    if value.kind != "call_expression" or value.end - value.start > 2_000:
        return False
    callee = value.get("function")
    name = callee.text if callee is not None and callee.kind == "identifier" else ""
    return name == "createRequire" or "createRequire(" in value.text or SHIM in value.text
