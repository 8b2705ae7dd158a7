"""The files of a deployment package: which is meant by an import, and which the handler reaches.

Source: https://nodejs.org/api/modules.html#all-together
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping

from topology.evidence.code.javascript import modules, scopes
from topology.evidence.code.javascript.imports import imports
from topology.evidence.code.javascript.syntax import MAX_NODES, Module, Node, UnparsableError
from topology.evidence.code.reading import Doubt

ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
TYPED = (".ts", ".mts", ".cts", ".tsx")
MAX_FILE = 4_000_000  # bytes
MAX_ALL = 16_000_000


class Package:
    """What was deployed. Modules are parsed when something reaches them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.modules: dict[str, Module] = {}
        self.doubts: list[Doubt] = []
        self.imported: set[str] = set()  # packages and modules named by literal imports
        self.read, self.size = 0, 0  # bytes and pieces of syntax
        self._failed: set[str] = set()
        self._resolved: dict[tuple[str, str], str | None] = {}

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
                module = Module(path, source, MAX_NODES - self.size)
                self.size += module.size
                scopes.bind(module)
                self.modules[path] = module
                return module
            except UnparsableError as error:
                reason = str(error)
        self._failed.add(path)
        self.doubts.append(Doubt(path, 0, f"This file {reason}."))
        return None

    def doubt_programs(self) -> None:
        """Programs beside the function have its role; a script may be what starts it."""
        for path, source in sorted(self.files.items()):
            is_script = source.startswith(b"#!") and not path.endswith(ENDINGS)
            if path.startswith("opt/extensions/") or (is_script and "node_modules/" not in path):
                self.doubts.append(Doubt(path, 0, "This is a program of its own."))

    def reach(self, start: str) -> None:
        """Parse a module and all that it imports by literals; what is not found is a doubt."""
        waiting, seen = [start], {start}
        while waiting:
            module = self.load(waiting.pop())
            if module is None:
                continue
            for node, specifier in imports(module):
                self.imported.add(modules.bare(specifier))
                found = self.resolve(module.path, specifier)
                if found is None:
                    self._unfound(node, specifier)
                elif found.endswith((".node", ".wasm")):
                    self._doubt(node, "This runs native code.")
                elif found.endswith(ENDINGS):
                    if found not in seen:
                        seen.add(found)
                        waiting.append(found)
                elif found and not found.endswith(".json"):  # Node takes it for JavaScript
                    self._doubt(node, "This imports a file of a kind that is not read.")

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The file an import means; empty: the runtime's own or the SDK's; None: nowhere."""
        asked = (importer, specifier)
        if asked not in self._resolved:
            self._resolved[asked] = self._resolve(importer, specifier)
        return self._resolved[asked]

    def _resolve(self, importer: str, specifier: str) -> str | None:
        name = modules.bare(specifier)
        if specifier.startswith((".", "/")):
            folder = posixpath.dirname(importer)
            path = posixpath.normpath(posixpath.join(folder, specifier)).lstrip("/")
            return self._file(path.removeprefix("var/task/"))
        if modules.is_runtimes(specifier) or modules.is_known(specifier):
            return ""
        if specifier == "aws-lambda" and importer.endswith(TYPED):
            return ""  # types alone
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
        if not modules.reason_against(specifier):  # which is said where it is used
            self._doubt(node, "This imports a module that is not in the package.")

    def _doubt(self, node: Node, reason: str) -> None:
        self.doubts.append(Doubt(node.module.path, node.line, reason))
