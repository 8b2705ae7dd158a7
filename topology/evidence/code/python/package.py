"""The files of a deployment package: which an import means, and which the handler reaches.

Source: https://docs.python.org/3/reference/import.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from topology.evidence.code.python import known
from topology.evidence.code.python.sources import Source, UnparsableError, parsed
from topology.evidence.code.reading import Doubt

MAX_BROUGHT = 100_000  # bytes of source that distributions brought
ROOT = re.compile(r"opt/python/(?:lib/python3\.\d+/site-packages/)?")
UNREAD = re.compile(r"(.*?)(?:\.[\w-]+)?\.(?:so|pyd|pyc)")  # native and compiled code
INFO = re.compile(r"-info/(RECORD|top_level\.txt)$")
VERSION = re.compile(rb"__version__\s*=\s*['\"]([\w.+]+)['\"]")
STARTED = ("sitecustomize", "usercustomize")  # Python imports them by itself
UNCHECKED = b"\1\0\0\0"  # flags of compiled code that is used whatever its source says


class Package:
    """What was deployed. Modules are parsed when something reaches them."""

    def __init__(self, files: Mapping[str, bytes], most: int) -> None:
        self.files = files
        self.most = most  # bytes of source that are read, the nearest to the handler first
        self.modules: dict[str, Source] = {}  # by dotted name, what is reached
        self.doubts: list[Doubt] = []
        self.read = self.more = 0
        self.sdk = ("", "")
        self._folders: set[str] = set()
        self._unread: dict[str, str] = {}
        self._unchecked: set[str] = set()
        self._waiting: list[str] = []
        roots = {""}
        for path in files:
            root = ROOT.match(path)
            roots.add(root.group() if root else "")
            parts = path.split("/")[:-1]
            self._folders.update("/".join(parts[: n + 1]) for n in range(len(parts)))
            if unread := UNREAD.fullmatch(path):
                self._unread[unread.group(1)] = path
                if path.endswith(".pyc") and files[path][4:8] == UNCHECKED:
                    self._unchecked.add(unread.group(1))
        self._brought = brought(files)
        self._roots = sorted(roots, key=lambda root: (len(root) > 0, -len(root), root))
        for path in files:
            folder, _, file = path.rpartition("/")
            if file.endswith(".pth") and (f"{folder}/" if folder else "") in roots:
                self._doubt(path, 0, "Python runs this file, or imports from where it says.")
        for name in known.SDK:
            self._find_sdk(name)

    def reach(self, start: str) -> None:
        """Parse a module and all that it imports; what is not found or not read is a doubt."""
        self.need(start)
        for name in sorted({*known.MODULES, *(known.UNREAD - self._brought), *STARTED}):
            if not self.file(name).endswith("/"):  # a folder comes after Python's own
                self.need(name)
        while self._waiting:
            name = self._waiting.pop(0)
            source = self._load(name)
            for node in _statements(source) if source is not None else ():
                if source is not None:
                    self._imports(source, node)

    def file(self, name: str) -> str:
        """The file of a module, a folder's where it has none of its own; empty: not here."""
        return next(self._files(name), "")

    def _files(self, name: str) -> Iterator[str]:
        inner = name.replace(".", "/")
        for root in self._roots:
            for candidate in (f"{root}{inner}/__init__.py", f"{root}{inner}.py"):
                if candidate in self.files:
                    yield candidate
            for stem in (f"{root}{inner}/__init__", f"{root}{inner}"):
                if stem in self._unread:
                    yield self._unread[stem]
        for root in self._roots:
            if f"{root}{inner}" in self._folders:
                yield f"{root}{inner}/"

    def meant(self, source: Source, node: ast.ImportFrom) -> str:
        """The dotted name of the module that a ``from`` names."""
        if not node.level:
            return node.module or ""
        parts = source.name.split(".") if source.name else []
        drop = node.level - 1 if source.is_package else node.level
        base = parts[: len(parts) - drop] if drop else parts
        return ".".join((*base, *([node.module] if node.module else ())))

    def need(self, name: str) -> bool:
        """Reach a module and the packages around it; whether it is in the package."""
        top = name.partition(".")[0]
        if top in known.SDK or (top in known.KNOWN and top in self._brought):
            return False
        found = False
        parts = name.split(".")
        for size in range(1, len(parts) + 1):
            part = ".".join(parts[:size])
            if part in self.modules or part in self._waiting:
                found = True
            elif self.file(part):
                self._waiting.append(part)
                found = True
            else:
                return False
        return found

    def _imports(self, source: Source, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._import(source, node, alias.name)
            return
        name = self.meant(source, node)
        if not name:
            self._doubt(source.path, node.lineno, "This imports from outside of the package.")
            return
        self._import(source, node, name)
        for alias in node.names:
            if alias.name == "*":
                for inner in self._within(name):
                    self.need(f"{name}.{inner}")
            elif name.partition(".")[0] not in known.SDK:
                self.need(f"{name}.{alias.name}")

    def _within(self, package: str) -> Iterator[str]:
        """The modules in a package, any of which a star may mean."""
        place = self.file(package).removesuffix("__init__.py")
        for path in sorted(self.files) if place.endswith("/") else ():
            if path.startswith(place):
                inner = path.removeprefix(place).partition("/")[0].partition(".")[0]
                if inner.isidentifier() and inner not in ("__init__", "__main__"):
                    yield inner

    def _import(self, source: Source, node: ast.stmt, name: str) -> None:
        top = name.partition(".")[0]
        if top in known.SDK:
            return  # said where it is used
        place = self.file(top)
        is_pythons = top in known.MODULES and (not place or place.endswith("/"))
        is_own = not is_pythons and self.need(name)
        if is_own and top in known.MODULES:
            reason = "This imports a module with the name of one of Python's own."
            self._doubt(source.path, node.lineno, reason)
        elif not is_own and (why := known.reason(name)):
            self._doubt(source.path, node.lineno, f"The module `{name}` {why}.")
        elif is_own and top in known.REACHING:
            self._doubt(source.path, node.lineno, f"The module `{name}` {known.reason(name)}.")

    def _load(self, name: str) -> Source | None:
        path = self.file(name)
        if path.endswith("/"):  # a folder of modules
            self.modules[name] = source = Source(f"{path}__init__.py", name, ast.Module([], []))
            return source
        if not path.endswith(".py"):
            kind = "compiled code alone" if path.endswith("c") else "native code"
            self._doubt(path, 0, f"The module `{name}` is {kind}.")
            return None
        sources = [each for each in self._files(name) if not each.endswith("/")]
        if len(sources) > 1:
            self._doubt(path, 0, f"The module `{name}` is there more than once.")
        if self._is_cached(path):
            self._doubt(path, 0, f"The module `{name}` is there in compiled code too.")
        size = len(self.files[path])
        is_brought = name.partition(".")[0] in self._brought or path.startswith("opt/")
        try:
            is_too_much = self.modules and self.read + size > self.most
            if is_too_much or (is_brought and self.more + size > MAX_BROUGHT):
                raise UnparsableError("is one too many to be read")
            self.read += size
            self.more += size if is_brought else 0
            self.modules[name] = source = parsed(path, name, self.files[path])
        except UnparsableError as error:
            self._doubt(path, error.line, f"This file {error}.")
            return None
        return source

    def _is_cached(self, path: str) -> bool:
        """Whether Python takes compiled code for a source without comparing them."""
        folder, _, file = path.rpartition("/")
        return f"{folder}/__pycache__/{file.removesuffix('.py')}".lstrip("/") in self._unchecked

    def _find_sdk(self, name: str) -> None:
        """The SDK in the package, by its own word; another module of that name is a doubt."""
        init = self.file(name)
        if not init:
            return
        found = VERSION.search(self.files.get(init, b"")) if init.endswith("__init__.py") else None
        if found is None:
            self._doubt(
                init, 0, f"This has the name of the SDK (`{name}`) and may be something else."
            )
        elif name in ("boto3", "botocore") and not self.sdk[0]:
            self.sdk = (name, found.group(1).decode())

    def _doubt(self, path: str, line: int, reason: str) -> None:
        self.doubts.append(Doubt(path, line, reason))


def _statements(source: Source) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import that may run."""
    waiting: list[ast.AST] = [source.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.If) and source.is_never(node.test):
            waiting.extend(node.orelse)
        elif not isinstance(node, ast.expr):
            waiting.extend(ast.iter_child_nodes(node))


def brought(files: Mapping[str, bytes]) -> frozenset[str]:
    """The top-level modules that distributions brought, by what they say of themselves."""
    rows = (
        row
        for path, raw in files.items()
        if INFO.search(path)
        for row in raw.decode("utf-8", "replace").splitlines()
    )
    return frozenset(row.partition(",")[0].partition("/")[0].partition(".")[0] for row in rows)


def own(files: Mapping[str, bytes]) -> Iterator[str]:
    """The modules of the function's own, reached or not: all that no distribution brought."""
    skipped = brought(files) | {*known.SDK, *known.KNOWN, *known.REACHING, "bin"}
    for path in sorted(files):
        top = path.partition("/")[0].removesuffix(".py")
        if path.endswith(".py") and top not in skipped and not path.startswith("opt/"):
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            if all(part.isidentifier() for part in name.split(".")):
                yield name
