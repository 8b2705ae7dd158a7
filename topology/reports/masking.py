"""Account ids and names replaced before anything is rendered: the same name by the same mask.

A mask is a keyed digest, so nobody who lacks the key can try names until one fits; fingerprints are
masked too, because they are digests of names without a key. Masked are ids of accounts, names of
resources, labels of configuration, and every part of an ARN, wherever they occur: in ARNs,
witnesses, reasons, commands. Not masked are Regions, IAM actions, prefixes and patterns that are no
name, names of environment variables, files of code, and, within a sentence, names of one or two
letters and names that are words of our own sentences.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

from topology import arn as arns
from topology import catalog
from topology.analysis import words
from topology.reports import wording
from topology.reports.document import Document
from topology.reports.json_report import schema

ACCOUNT = re.compile(r"(?<![0-9A-Za-z_])[0-9]{12}(?![0-9A-Za-z_])")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:[0-9*]*:[^\s\"'`,;()\[\]{}<>|]+")
DIGEST = re.compile(r"[0-9a-f]{16}")
CUT = re.compile(r"(?<=loopscope-cut-)[0-9a-f]+")
TOKEN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.@+=$-]*[A-Za-z0-9_])?")
JOINT = re.compile(r"([.@+=$-]+)")
PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.@+=$-]*[A-Za-z0-9_])?")
SEGMENT = re.compile(r"[:/]")
LITERAL = re.compile(r"[^*?]+")
STREAM = " (stream)"
ARROW = " → "
SHORT = 2  # letters of a name that is left within sentences

NAMED = {
    *("source_name", "target_name", "subject_name", "name", "label", "resource", "accounts"),
    *("owner", "title", "tells"),
}
WHOLE = {"source", "target", "subject", "resources", "resource", "unmeasured"}
DIGESTS = {"fingerprint", "id", "edge", "stops", "all_at", "loops", "loop", "edges"}
KEPT = {  # members whose values are words of the contract
    *("schema", "verdict", "verdict_before", "kind", "source_kind", "target_kind", "meaning"),
    *("evidence", "language", "effort", "method", "call", "action", "code", "region", "regions"),
    *("source_region", "target_region", "rule", "severity", "question", "of", "change", "page"),
    *("statement", "currency", "meter", "what", "subject_kind", "as_of", "since", "read_from"),
    "read_to",
}
RESERVED = {  # words of AWS in ARNs
    *("aws", "amazon", "default", "lambda", "function", "layer", "event-source-mapping"),
    *("stateMachine", "execution", "express", "activity", "rule", "event-bus"),
    *("event-busv2", "table", "stream", "index", "topic", "queue", "role", "policy"),
    *("user", "group", "service-role", "aws-service-role", "log-group", "log-stream"),
    *("deliverystream", "pipe", "schedule", "schedule-group", "archive", "connection"),
    *("api-destination", "destination", "cluster", "service", "task", "task-definition"),
    *("job-definition", "job-queue", "compute-environment", "project", "pipeline", "trail"),
    *("key", "alias", "secret", "parameter", "document", "automation-definition"),
    *("identity", "receipt-rule-set", "receipt-rule", "restapis", "apis", "stages"),
    *("deployments", "vendedlogs", "LATEST", "root", "accesspoint", "active", "EntireBucket"),
}


class Masks:
    """The masks of one key. ``names`` is False where only the ids of accounts are to go."""

    def __init__(self, key: bytes, *, names: bool = True) -> None:
        self._key, self._names = key, names
        self._plain: set[str] = set()
        self._odd: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._known_texts: dict[str, str] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Take names and ARNs for something to mask, part by part."""
        for name in names:
            for part in _parts(name):
                if PLAIN.fullmatch(part):
                    self._plain.add(part)
                else:
                    self._odd |= {each: self.name(part) for each in _spellings(part)}

    def learn_digests(self, digests: Iterable[str]) -> None:
        """Take fingerprints for something to mask, and the beginnings that people quote."""
        for each in filter(DIGEST.fullmatch, digests):
            self._digests[each] = self._digest("digest", each)[:16]
            self._digests[each[:8]] = self._digests[each][:8]

    def account(self, id_: str) -> str:
        """Twelve digits that belong to nobody: no account's id begins with four zeros."""
        return f"0000{int(self._digest('account', id_), 16) % 10**8:08}"

    def name(self, name: str) -> str:
        """``name-3f9a1c0b2d``."""
        return f"name-{self._digest('name', name)[:10]}"

    def whole(self, value: str) -> str:
        """A value that is a name or an ARN and nothing else."""
        if not self._names:
            return self.text(value)
        if arns.is_arn(value):
            return self._arn(value)
        stem, stream = value.removesuffix(STREAM), value.endswith(STREAM)
        masked = "".join(self._segment(each) for each in re.split(r"([:/])", stem))
        return masked + (STREAM if stream else "")

    def text(self, text: str) -> str:
        """Any text, with every name, ARN and account id in it replaced."""
        if (known := self._known_texts.get(text)) is None:
            made = _between(ARN, text, self._arn, self._words) if self._names else text
            known = ACCOUNT.sub(lambda found: self.account(found[0]), made)
            self._known_texts[text] = known
        return known

    def _words(self, text: str) -> str:
        if self._odd_pattern:
            return _between(self._odd_pattern, text, self._odd.__getitem__, self._plainly)
        return self._plainly(text)

    @cached_property
    def _odd_pattern(self) -> re.Pattern[str] | None:
        """The odd names, the longest first; asked for when everything was learned."""
        longest_first = sorted(self._odd, key=lambda each: (-len(each), each))
        return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def _plainly(self, text: str) -> str:
        text = UUID.sub(lambda found: self.name(found[0]), text)
        text = CUT.sub(lambda found: self._digest("cut", found[0])[:8], text)
        return TOKEN.sub(lambda found: self._token(found, text), text)

    def _token(self, found: re.Match[str], text: str) -> str:
        """A run of letters: the longest names at its joints are replaced."""
        pieces = JOINT.split(found[0])
        if len(pieces) == 1 and self._is_marked(found, text):
            return self.name(found[0])
        made, at = "", 0
        while at < len(pieces):
            for end in range(len(pieces), at, -1):
                known = self._known("".join(pieces[at:end]))
                if known:
                    made, at = made + known, end
                    break
            else:
                made, at = made + pieces[at], at + 1
        return made

    def _known(self, run: str) -> str:
        if run in self._digests:
            return self._digests[run]
        is_name = run in self._plain and len(run) > SHORT and run.lower() not in _ours()
        return self.name(run) if is_name else ""

    def _is_marked(self, found: re.Match[str], text: str) -> bool:
        """Whether a known name stands between marks, where no word of ours does."""
        around = (
            text[max(found.start() - 1, 0) : found.start()] + text[found.end() : found.end() + 1]
        )
        return around in ("**", "``") and found[0] in self._plain

    def _arn(self, text: str) -> str:
        partition, service, region, account, resource = text.split(":", 5)[1:]
        if ACCOUNT.fullmatch(account):
            account = self.account(account)
        rest = "".join(self._segment(each) for each in re.split(r"([:/])", resource))
        return f"arn:{partition}:{service}:{region}:{account}:{rest}"

    def _segment(self, part: str) -> str:
        if part in RESERVED or part in (":", "/", "") or part.startswith(("*.", "$")):
            return part
        if ACCOUNT.fullmatch(part):
            return self.account(part)
        if "*" in part or "?" in part:
            return LITERAL.sub(lambda found: self.name(found[0]), part)
        return self.name(part)

    def _digest(self, kind: str, text: str) -> str:
        message = f"{kind}\x00{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def masked(
    document: Document, key: bytes, known: Iterable[str] = (), *, names: bool = True
) -> Document:
    """The document with masks for ids and names; ``known`` are further names and ARNs to look for.

    Without ``names``, only account ids are masked. A part's name (a workspace's) is left out.
    """
    masks = Masks(key, names=names)
    if names:
        masks.learn(_named(document))
        masks.learn(known)
        masks.learn_digests(_values(document, DIGESTS))
    made: dict[str, Any] = _masked(document, masks)
    if names and (part := made.get("part")):
        part["name"] = made["loops"][0]["title"] if part["of"] == "loop" else ""
        part["id"] = "" if part["of"] == "workspace" else part["id"]
    return made


def _masked(value: Any, masks: Masks, key: str = "") -> Any:
    match value:
        case str() if key in KEPT:
            return value
        case str() if key == "title" and ARROW in value:
            return ARROW.join(masks.whole(each) for each in value.split(ARROW))
        case str() if key in NAMED - {"title"} or key in WHOLE:
            return masks.whole(value)
        case str():
            return masks.text(value)
        case list():
            return [_masked(each, masks, key) for each in value]
        case dict() if key == "incident" and "missing_alarms" in value:
            return _of_sheet(value, masks)
        case dict() if key == "prices":  # where they come from is no secret
            return value
        case dict():
            return {
                name if name in _members() else masks.text(name): _masked(each, masks, name)
                for name, each in value.items()
            }
    return value


def _of_sheet(value: Any, masks: Masks, key: str = "") -> Any:
    """A part of an incident sheet: what AWS calls its metrics stays, whose they are does not.

    Apart from the rest, where an event of somebody's own may have members of the same names.
    """
    match value:
        case str() if key in ("namespace", "metric", "metrics", "query"):
            return value
        case list():
            return [_of_sheet(each, masks, key) for each in value]
        case dict() if key == "statistics":
            return value
        case dict() if key == "dimensions":
            return {name: masks.whole(each) for name, each in value.items()}
        case dict():
            return {name: _of_sheet(each, masks, name) for name, each in value.items()}
    return _masked(value, masks, key)


def _named(document: Document) -> Iterator[str]:
    """What a document says is a name: by its members, and the parts of its loops' titles."""
    for text in _values(document, NAMED | WHOLE):
        yield from text.split(ARROW) if ARROW in text else [text]


def _values(value: Any, members: set[str], key: str = "") -> Iterator[str]:
    match value:
        case str() if key in members:
            yield value
        case list():
            for each in value:
                yield from _values(each, members, key)
        case Mapping():
            for name, each in value.items():
                yield from _values(each, members, name)


def _parts(name: str) -> Iterator[str]:
    """The parts of a name or ARN that are somebody's own words."""
    resource = arns.parse(name).resource if arns.is_arn(name) else name.removesuffix(STREAM)
    for part in SEGMENT.split(resource):
        if part and part not in RESERVED and not ACCOUNT.fullmatch(part):
            yield part


def _spellings(name: str) -> set[str]:
    """An odd name as JSON, a shell and an address write it."""
    return {
        name,
        json.dumps(name)[1:-1],
        json.dumps(name, ensure_ascii=False)[1:-1],
        name.replace("'", "'\"'\"'"),
        quote(name, safe="", errors="replace"),
    }


def _between(
    pattern: re.Pattern[str], text: str, found: Callable[[str], str], rest: Callable[[str], str]
) -> str:
    """A text with what matches made by one function, and all between by another."""
    made, at = "", 0
    for match in pattern.finditer(text):
        made += rest(text[at : match.start()]) + found(match[0])
        at = match.end()
    return made + rest(text[at:])


@cache
def _members() -> frozenset[str]:
    """The members of the contract: a document keeps them though a function is called `alarms`."""

    def within(value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            yield from value.get("properties") or ()
            for each in value.values():
                yield from within(each)

    return frozenset(within(schema()))


@cache
def _ours() -> frozenset[str]:
    """Words of our own sentences, which are no secret whoever has a resource of that name."""
    said = [kind.title for kind in catalog.kinds().values()]
    said += [*words.MEANINGS.values(), *wording.EVIDENCE.values(), *wording.MEANINGS.values()]
    said += [text for pair in wording.VERDICTS.values() for text in pair]
    return frozenset(word for text in said for word in re.findall(r"[a-z]+", text.lower()))
