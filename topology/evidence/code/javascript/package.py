"""The files of a deployment package: which is meant by an import, and which the handler reaches.

Source: https://nodejs.org/api/modules.html#all-together
"""

from __future__ import annotations

from collections.abc import Mapping

from topology.evidence.code.javascript import modules, scopes
from topology.evidence.code.javascript.imports import imports
from topology.evidence.code.javascript.resolving import ENDINGS, Resolver
from topology.evidence.code.javascript.syntax import MAX_NODES, Module, Node, UnparsableError
from topology.evidence.code.reading import Doubt

DECLARED = (".d.ts", ".d.mts", ".d.cts")  # types, of which only the start is kept
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
        self.resolver = Resolver(files)
        self._meant: dict[tuple[str, str], list[str]] = {}

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
                found = self.meant(module.path, specifier)
                if not found:
                    self._unfound(node, specifier)
                for path in found:
                    if path.endswith((".node", ".wasm")):
                        self._doubt(node, "This runs native code.")
                    elif path.endswith(ENDINGS) and not path.endswith(DECLARED):
                        if path not in seen:
                            seen.add(path)
                            waiting.append(path)
                    elif path and not path.endswith(".json"):  # Node takes it for JavaScript
                        self._doubt(node, "This imports a file of a kind that is not read.")

    def meant(self, importer: str, specifier: str) -> list[str]:
        """Every file an import may mean; an empty name: the runtime's own or the SDK's."""
        asked = (importer, specifier)
        if asked not in self._meant:
            self._meant[asked] = self.resolver.meant(importer, specifier)
        return self._meant[asked]

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The one file an import means; None: nowhere, or any of several."""
        found = self.meant(importer, specifier)
        return found[0] if len(found) == 1 else None

    def _unfound(self, node: Node, specifier: str) -> None:
        if not modules.reason_against(specifier):  # which is said where it is used
            self._doubt(node, "This imports a module that is not in the package.")

    def _doubt(self, node: Node, reason: str) -> None:
        self.doubts.append(Doubt(node.module.path, node.line, reason))
