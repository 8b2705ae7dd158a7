"""Services that a package names in its texts, in languages that nobody parses here.

Weak evidence: a text is no call, and a service named nowhere may be called all the same.

Sources: https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html#jvms-4.4 (constant
pools), https://ecma-international.org/publications-and-standards/standards/ecma-335/ §II.24.2
(#Strings), https://pkg.go.dev/debug/buildinfo
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from topology.catalog.lambda_code import LANGUAGES
from topology.evidence.code.archive import Archive
from topology.evidence.code.javascript.names import service_of
from topology.evidence.code.reading import Doubt, Reading
from topology.evidence.code.sdks import searched

MOST = 50  # services
# What every package of an SDK brings along, and what it signs in with.
ALWAYS = {"auth", "core", "extensions", "internal", "resources", "runtime", "sdk"}
ALWAYS |= {"signin", "sso", "ssooidc", "sts"}
OTHERWISE = {
    "dynamodbv2": "dynamodb",
    "simpleemail": "ses",
    "simplenotificationservice": "sns",
    "simplequeueservice": "sqs",
    "states": "stepfunctions",
}


@dataclass(frozen=True, slots=True)
class Language:
    """How services are told in one language: in which files, and by which texts.

    ``brought`` are files of the SDK itself, which names everything it knows.
    """

    where: str
    files: re.Pattern[str]
    services: re.Pattern[bytes]
    brought: re.Pattern[str] = re.compile("(?!)")


PROGRAM = re.compile(r"(?:opt/)?[^/.]+")  # a Go or Rust function is one file: ``bootstrap``
TOLD: Mapping[str, Language] = {
    "java": Language(
        "the constants of its classes",
        re.compile(r".+\.class"),
        re.compile(rb"(?:software/amazon/awssdk|com/amazonaws)/services/([a-z0-9]+)/"),
        re.compile(r"(?:.*/)?(?:software/amazon/awssdk|com/amazonaws)/.+"),
    ),
    "dotnet": Language(
        "the strings of its assemblies",
        re.compile(r".+\.(?:dll|exe)"),
        re.compile(rb"AWSSDK\.([A-Z][A-Za-z0-9]+)"),
        re.compile(r"(?:.*/)?(?:AWSSDK|Amazon|System|Microsoft)\..+"),
    ),
    "go": Language(
        "the texts of the program",
        PROGRAM,
        re.compile(rb"github\.com/aws/aws-sdk-go(?:-v2)?/service/([a-z0-9]+)"),
    ),
    "rust": Language(
        "the texts of the program", PROGRAM, re.compile(rb"aws[-_]sdk[-_]([a-z0-9]+)[-_:/]")
    ),
    "ruby": Language(
        "what its source requires",
        re.compile(r".+\.rb"),
        re.compile(rb"(?:aws-sdk-|\bAws::)([A-Za-z0-9]+)(?:['\"]|::)"),
        re.compile(r"(?:.*/)?gems/.+"),
    ),
    "php": Language(
        "what its source uses",
        re.compile(r".+\.php"),
        re.compile(rb"\bAws\\+([A-Z][A-Za-z0-9]+)\\+[A-Z]"),
        re.compile(r"(?:.*/)?vendor/.+"),
    ),
}
OTHER = Language("nothing", re.compile("(?!)"), re.compile(b"(?!)"))

BUILT_WITH = {"go": re.compile(rb"\xff Go buildinf:"), "rust": re.compile(rb"/rustc/[0-9a-f]{40}")}


def language_of(archive: Archive, runtime: str) -> str:
    """Which language a runtime runs; of one of the customer's own, what its files are made of."""
    known = next((each for each in TOLD if runtime.startswith(each)), "")
    if known or not runtime.startswith("provided"):
        return known
    for path in archive.paths:
        if PROGRAM.fullmatch(path):
            for language, mark in BUILT_WITH.items():
                if any(searched(archive.chunks(path), mark)):
                    return language
    is_php = any(path.endswith(".php") and not path.startswith("opt/") for path in archive.paths)
    return "php" if is_php else ""


def read_unparsed(archive: Archive, language: str) -> Reading:
    """What the texts in a package name; nothing of it counts as understood."""
    how = TOLD.get(language, OTHER)
    looked_at = [path for path in archive.paths if how.files.fullmatch(path)]
    own = [path for path in looked_at if not how.brought.fullmatch(path)]
    found = {service for path in own for service in _named(archive.chunks(path), how)}
    title = LANGUAGES.get(language, "a language that is not known here")
    reason = f"Code in {title} is not parsed: services are told from {how.where} alone."
    doubts = [Doubt("", 0, reason)]
    if any(path.endswith(".jar") for path in archive.paths):
        doubts.append(Doubt("", 0, "JAR files within the package are not opened."))
    return Reading(language, len(own), doubts=tuple(doubts), hints=tuple(sorted(found)[:MOST]))


def _named(pieces: Iterable[bytes], how: Language) -> Iterator[str]:
    for hit in searched(pieces, how.services):
        name = hit[1].decode().lower()
        if name not in ALWAYS:
            yield OTHERWISE.get(name) or service_of(name)
