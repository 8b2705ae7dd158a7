"""Which file of a package an import means, as Node looks for it.

Where that depends on what is not known here, all that it may be are told: a package may give one
file to ``import`` and another to ``require``, and a layer one for each version of Node.

Source: https://nodejs.org/api/modules.html#all-together, https://nodejs.org/api/packages.html
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Set

from topology.evidence.code.javascript import modules

ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
TYPED = (".ts", ".mts", ".cts", ".tsx")
TRIED = ("", ".js", ".json", ".node")  # by Node, before it looks for a folder
IN_LAYERS = re.compile(r"opt/nodejs/(?:node\d+/)?node_modules(?=/)")
FOLDER = re.compile(r"(?:.*/)?\.{0,2}")
ALWAYS = frozenset(("node", "node-addons", "default"))
# What else Node asks a package's exports for: ``module-sync`` in its newer versions.
ASKED = tuple(
    ALWAYS | {way, *more} for way in ("require", "import") for more in ((), ("module-sync",))
)
LONGEST = 1_000_000  # bytes of a manifest


class Resolver:
    """Looks up what imports mean among the files of a package."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._in_layers = sorted({m.group() for p in files if (m := IN_LAYERS.match(p))})

    def meant(self, importer: str, specifier: str) -> list[str]:
        """Every file that an import may mean; an empty name: the runtime's own, or the SDK's."""
        if specifier.startswith((".", "/")):
            folder = posixpath.dirname(importer)
            path = posixpath.normpath(posixpath.join("/", folder, specifier)).lstrip("/")
            is_folder = FOLDER.fullmatch(specifier) is not None
            found = self._located(path.removeprefix("var/task/"), is_folder)
            return [found] if found else []
        if modules.is_runtimes(specifier) or modules.is_known(specifier):
            return [""]
        if specifier == "aws-lambda" and importer.endswith(TYPED):
            return [""]  # types alone
        return self._in_packages(importer, modules.bare(specifier))

    def manifest(self, folder: str) -> dict[str, object]:
        """What a folder's package.json says; empty where there is none."""
        source = self._files.get(posixpath.join(folder, "package.json"))
        if source is None or len(source) > LONGEST:
            return {}
        try:
            read = json.loads(source)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    def _in_packages(self, importer: str, name: str) -> list[str]:
        parts = name.split("/")
        top = "/".join(parts[: 2 if name.startswith("@") else 1])
        for folder in _above(importer):
            own = self.manifest(folder)
            if own.get("name") == top and own.get("exports") is not None:
                return self._exported(folder, name.removeprefix(top))
            if own:
                break
        for folder in _above(importer):
            if found := self._installed(posixpath.join(folder, "node_modules"), top, name):
                return found
        every = [self._installed(place, top, name) for place in self._in_layers]
        return sorted({path for found in every for path in found})

    def _installed(self, place: str, top: str, name: str) -> list[str]:
        root = posixpath.join(place, top)
        if self.manifest(root).get("exports") is not None:
            return self._exported(root, name.removeprefix(top))
        found = self._located(posixpath.join(place, name), name.endswith("/"))
        return [found] if found else []

    def _located(self, path: str, is_folder: bool) -> str | None:
        """A file or a folder's main one: as Node tries them, then as compilers would."""
        first = () if is_folder else [path + ending for ending in TRIED]
        stem, ending = posixpath.splitext(path)
        swapped = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",)}.get(ending, ())
        last = [*(stem + other for other in swapped), *(path + other for other in ENDINGS)]
        candidates = [*first, *self._mains(path), *last]
        return next((each for each in candidates if each in self._files), None)

    def _mains(self, folder: str) -> Iterator[str]:
        main = self.manifest(folder).get("main")
        index = posixpath.join(folder, "index")
        named = [posixpath.normpath(posixpath.join(folder, main))] if isinstance(main, str) else []
        yield from (path + ending for path in named for ending in TRIED)
        inside = [*(posixpath.join(path, "index") for path in named), index]
        yield from (path + ending for path in inside for ending in TRIED[1:])
        yield from (path + ending for path in (*named, *inside) for ending in ENDINGS)

    def _exported(self, root: str, inner: str) -> list[str]:
        """The files that a package's ``exports`` give for what is below its name."""
        exports = self.manifest(root).get("exports")
        is_map = isinstance(exports, dict) and any(str(key).startswith(".") for key in exports)
        entries: dict[str, object] = exports if is_map else {".": exports}  # type: ignore[assignment]
        entry, star = _entry(entries, f".{inner}")
        found = {_target(entry, asked) for asked in ASKED}
        paths = {
            posixpath.normpath(posixpath.join(root, target.replace("*", star)))
            for target in found
            if target
        }
        return sorted(path for path in paths if path in self._files)


def _above(importer: str) -> Iterator[str]:
    """The folders that a file is in, from within; a layer's are in none of the function's."""
    folder = posixpath.dirname(importer)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    if not importer.startswith("opt/"):
        yield ""


def _entry(entries: Mapping[str, object], asked: str) -> tuple[object, str]:
    """What ``exports`` say of a path, and what its ``*`` stands for there."""
    if asked in entries:
        return entries[asked], ""
    for key in sorted(entries, key=lambda key: len(key.partition("*")[0]), reverse=True):
        before, star, after = key.partition("*")
        is_long = len(asked) >= len(before) + len(after)
        if star and is_long and asked.startswith(before) and asked.endswith(after):
            return entries[key], asked[len(before) : len(asked) - len(after)]
    return None, ""


def _target(entry: object, asked: Set[str]) -> str | None:
    """The first that fits: ``{"node": {"import": "./a.mjs"}, "default": "./b.js"}``."""
    match entry:
        case str():
            return entry
        case dict():
            nested = (_target(entry[key], asked) for key in entry if key in asked)
            return next((found for found in nested if found), None)
        case list():
            return next((found for each in entry if (found := _target(each, asked))), None)
    return None
