"""The masks of one key: the same name by the same mask, wherever it stands in a text.

Masked are ids of accounts, names that were learned, and every part of an ARN. Within a sentence,
names of one or two letters and names that are words of our own sentences stay.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from urllib.parse import quote

from topology import arn as arns
from topology import catalog
from topology.analysis import words
from topology.reports import wording

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
SHORT = 2  # letters of a name that is left within sentences

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
            self._digests[each] = self.digest(each)
            self._digests[each[:8]] = self._digests[each][:8]

    def account(self, id_: str) -> str:
        """Twelve digits that belong to nobody: no account's id begins with four zeros."""
        return f"0000{int(self._digest('account', id_), 16) % 10**8:08}"

    def name(self, name: str) -> str:
        """``name-3f9a1c0b2d``."""
        return f"name-{self._digest('name', name)[:10]}"

    def digest(self, digest: str) -> str:
        """A fingerprint: sixteen other digits."""
        return self._digest("digest", digest)[:16]

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
def _ours() -> frozenset[str]:
    """Words of our own sentences, which are no secret whoever has a resource of that name."""
    said = [kind.title for kind in catalog.kinds().values()]
    said += [*words.MEANINGS.values(), *wording.EVIDENCE.values(), *wording.MEANINGS.values()]
    said += [text for pair in wording.VERDICTS.values() for text in pair]
    return frozenset(word for text in said for word in re.findall(r"[a-z]+", text.lower()))
