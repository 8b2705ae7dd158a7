"""The reader of a runtime, and what around a function's code bears on what it finds.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html,
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path

from topology.catalog.lambda_code import UNREADABLE
from topology.evidence.code.archive import Archive, Keep
from topology.evidence.code.javascript import read_javascript
from topology.evidence.code.python import read_python
from topology.evidence.code.reading import Doubt, Reading
from topology.evidence.code.sdks import bundled
from topology.evidence.code.unparsed import language_of, read_unparsed

SCRIPT = re.compile(r".+\.[cm]?[jt]sx?")
OF_THE_SDK = re.compile(r"(?:.*/)?node_modules/(?:@aws-sdk|@smithy|aws-sdk)/.+")
UNKNOWN = "Its environment variables cannot be read, and may change what runs."
INSTALLED = ("loopscope", "tree-sitter", "tree-sitter-javascript", "tree-sitter-typescript")


@dataclass(frozen=True, slots=True)
class Deployed:
    """How a package is run. ``steered_by`` names variables that change what runs with it."""

    runtime: str
    handler: str
    steered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parser:
    """A reader that follows a language's code, and what it needs of which file."""

    language: str
    read: Callable[[Mapping[str, bytes], str], Reading]
    keeps: Callable[[str], Keep]


def keeps_scripts(path: str) -> Keep:
    """Sources and manifests, and how a program begins; the SDK's own sources are known."""
    if path.endswith("package.json"):
        return Keep.CONTENT
    if SCRIPT.fullmatch(path) and not path.endswith((".d.ts", ".d.mts", ".d.cts")):
        return Keep.NOTHING if OF_THE_SDK.fullmatch(path) else Keep.CONTENT
    return Keep.NAME if "node_modules/" in path else Keep.START


def keeps_modules(path: str) -> Keep:
    """Sources, what distributions say they brought, and how compiled code begins."""
    if path.endswith((".py", "-info/RECORD", "-info/top_level.txt")):
        return Keep.CONTENT
    return Keep.START if path.endswith(".pyc") else Keep.NAME


PARSERS: Mapping[str, Parser] = {  # by what the runtime's name begins with
    "nodejs": Parser("javascript", read_javascript, keeps_scripts),
    "python": Parser("python", read_python, keeps_modules),
}


def read(archive: Archive, deployed: Deployed, unread: Sequence[Doubt] = ()) -> Reading:
    """What a function's code does with AWS; ``unread`` are doubts about what is not here.

    Raises ``PackageError`` where the archive is not what it declares.
    """
    parser = next((p for name, p in PARSERS.items() if deployed.runtime.startswith(name)), None)
    if parser is None:
        language = language_of(archive, deployed.runtime)
        found = read_unparsed(archive, language)
    else:
        language = parser.language
        found = parser.read(archive.files(parser.keeps), deployed.handler)
    doubts = (*found.doubts, *unread, *_around(archive, deployed))
    sdk = bundled(archive, language)
    return replace(found, doubts=doubts, sdk=sdk if sdk[0] else found.sdk)


@cache
def edition() -> str:
    """What readings depend on besides the code: where it differs, code is read anew.

    The readers' own sources are a part of it: a reader that was mended trusts nothing older.
    """
    sources = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        sources.update(path.read_bytes())
    made_of = (platform.python_version(), *map(_version, INSTALLED), sources.hexdigest()[:16])
    return " ".join(made_of)


def _around(archive: Archive, deployed: Deployed) -> list[Doubt]:
    found = [
        Doubt(
            "",
            0,
            UNKNOWN
            if name == UNREADABLE
            else f"The environment variable {name} changes what runs.",
        )
        for name in deployed.steered_by
    ]
    if any(path.startswith("opt/extensions/") for path in archive.paths):
        found.append(Doubt("", 0, "An extension in a layer runs beside the function."))
    return found


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "-"
