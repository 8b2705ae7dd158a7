"""Which AWS SDK a package brings, and in which version: what AWS's recursion guard depends on.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from topology.evidence.code.archive import Archive

OVERLAP = 1_000  # bytes in which a text may lie across two pieces
PYTHON_HOME = r"(?:opt/python/(?:lib/python3\.\d+/site-packages/)?)?"
NODE_HOME = r"(?:opt/nodejs/(?:node\d+/)?)?node_modules/"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a version stands: in files whose path fits, or in the path itself.

    ``says`` finds the version in the content as its first group; None: ``path`` does so.
    """

    sdk: str
    path: re.Pattern[str]
    says: re.Pattern[bytes] | None = None


def _mark(sdk: str, path: str, says: bytes = b"") -> Mark:
    return Mark(sdk, re.compile(path), re.compile(says, re.DOTALL) if says else None)


# Of each language the surest first: one that is found leaves out the rest of the same name.
MARKS: Mapping[str, tuple[Mark, ...]] = {
    "python": (
        _mark("botocore", PYTHON_HOME + r"botocore/__init__\.py", rb"__version__ = ['\"]([\d.]+)"),
        _mark("botocore", PYTHON_HOME + r"botocore-(\d[\d.]*)\.dist-info/.+"),
        _mark("boto3", PYTHON_HOME + r"boto3-(\d[\d.]*)\.dist-info/.+"),
    ),
    "javascript": (
        _mark(
            "@aws-sdk",
            NODE_HOME + r"@aws-sdk/client-[^/]+/package\.json",
            rb'"version":\s*"([\d.]+)"',
        ),
        _mark("aws-sdk", NODE_HOME + r"aws-sdk/package\.json", rb'"version":\s*"([\d.]+)"'),
        _mark(
            "@aws-sdk",
            r"(?!.*node_modules/).+\.[cm]?js",
            rb'name"?:\s*"@aws-sdk/client-[\w-]+".{0,600}?version"?:\s*"([\d.]+)"',
        ),
        _mark("@aws-sdk", r"(?!.*node_modules/).+\.[cm]?js", rb'\["aws-sdk-js",()'),
        _mark("aws-sdk", r"(?!.*node_modules/).+\.[cm]?js", rb"VERSION:\s*['\"](2\.\d{2,4}\.\d+)"),
    ),
    "java": (
        _mark("aws-java-sdk", r"(?:.*/)?(?:sdk-core|aws-java-sdk-core)-(\d[\d.]*)\.jar"),
        _mark(
            "aws-java-sdk",
            r"META-INF/maven/(?:software\.amazon\.awssdk/sdk-core|com\.amazonaws/aws-java-sdk-core)"
            r"/pom\.properties",
            rb"version=([\d.]+)",
        ),
        _mark(
            "aws-java-sdk",
            r"(?:.*/)?awssdk/core/util/VersionInfo\.class",
            rb"[^\d.](2\.\d+\.\d+)(?![\d.])",
        ),
    ),
    "dotnet": (_mark("AWSSDK.Core", r".+\.deps\.json", rb'"AWSSDK\.Core/([\d.]+)"'),),
    "go": (
        _mark("aws-sdk-go-v2", r"[^/]+", rb"\tgithub\.com/aws/aws-sdk-go-v2\tv([\d.]+)"),
        _mark("aws-sdk-go", r"[^/]+", rb"\tgithub\.com/aws/aws-sdk-go\tv([\d.]+)"),
    ),
    "rust": (_mark("aws-sdk-rust", r"[^/]+", rb"/aws-config-(\d+\.\d+\.\d+)/src"),),
    "ruby": (
        _mark("aws-sdk-core", r".*/gems/aws-sdk-core-(\d[\d.]*)/.+"),
        _mark("aws-sdk-core", r"Gemfile\.lock", rb"aws-sdk-core \(([\d.]+)\)"),
    ),
    "php": (
        _mark("aws-sdk-php", r"vendor/aws/aws-sdk-php/src/Sdk\.php", rb"VERSION = '([\d.]+)'"),
    ),
}


def bundled(archive: Archive, language: str) -> tuple[str, str]:
    """The SDK that a package brings and its version, both empty where none was found.

    Where several are there, of which any may send a request, there is no one version: the name
    tells them all. A function's own files are imported before its layers'.
    """
    found: dict[str, str] = {}
    for mark in MARKS.get(language, ()):
        if not found.get(mark.sdk) and (versions := _versions(archive, mark)):
            found[mark.sdk] = min(versions, key=_as_numbers)
    if language == "python" and "botocore" in found:
        found.pop("boto3", None)  # botocore is what sends
    if len(found) == 1:
        return next(iter(found.items()))
    told = (" ".join(filter(None, each)) for each in sorted(found.items()))
    return " and ".join(told), ""


def searched(pieces: Iterable[bytes], pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Where a pattern is found in pieces, also across two of them; then some may come twice."""
    kept = b""
    for piece in pieces:
        text = kept + piece
        yield from pattern.finditer(text)
        kept = text[-OVERLAP:]


def _versions(archive: Archive, mark: Mark) -> list[str]:
    places = [place for path in archive.paths if (place := mark.path.fullmatch(path))]
    own = [place for place in places if not place.string.startswith("opt/")]
    layers = [place for place in places if place.string.startswith("opt/")]
    return _told(archive, mark, own) or _told(archive, mark, layers)


def _told(archive: Archive, mark: Mark, places: Iterable[re.Match[str]]) -> list[str]:
    if mark.says is None:
        return [place[1] for place in places]
    found = (next(searched(archive.chunks(each.string), mark.says), None) for each in places)
    return [hit[1].decode() for hit in found if hit]


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split(".") if each)
