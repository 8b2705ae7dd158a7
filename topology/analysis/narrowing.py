"""A filter that hears nothing of what comes back and still something of what others send.

Whatever is proposed here was compared with both sets of events first; what AWS's language for an
edge cannot say is not proposed. Sources: the pages of ``topology/filters``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from topology import filters
from topology.filters.document import FilterError
from topology.filters.s3 import KEY
from topology.graph import Filter, canonical_json
from topology.sets import strings
from topology.sets.budget import TooComplex
from topology.sets.events import EventSet, Path, compare
from topology.sets.expressions import Pattern, Texts, Union
from topology.sets.strings import StringSet
from topology.verdict import Always, Cannot, Event, Sometimes

Json: TypeAlias = Any
Arrives: TypeAlias = Callable[[EventSet], bool]  # whether events reach the end of their way

NOTIFICATION, PATTERN = "s3.notification", "eventbridge.pattern"
BODY, ATTRIBUTES = "sns.policy.body", "sns.policy.attributes"
CRITERIA = ("lambda.criteria.", "pipes.criteria.")
KAFKA = "kafka"  # a mapping's topic is told as one more field of its filter: not ours to rewrite
INTO = {BODY: "Message", ATTRIBUTES: "MessageAttributes"}  # what a policy does not repeat
MOST_TEXTS, LONGEST = 20, 2000  # values and characters that a filter is lengthened by
FOLDERS = ("in/", "incoming/", "uploads/")
ENDINGS = (".in", ".new")


def narrowed(
    heard: Filter | None,
    language: str,
    written: EventSet,
    others: EventSet,
    arrives: Arrives = lambda _events: True,
) -> tuple[Filter, Event] | None:
    """The filter with a clause that keeps ``written`` out, and an event of ``others`` it hears.

    None where the language, or what is known of the events, gives no such clause, or where none
    of the others ``arrives`` any more.
    """
    if KAFKA in language:
        return None
    now = filters.heard(heard) if heard is not None else EventSet.anything()
    clauses = sorted(_clauses(written, language), key=_plainness)
    for path, matcher in clauses:
        for document in _documents(heard, language, path, matcher):
            found = Filter(language, canonical_json(document))
            if len(found.document) - len(heard.document if heard else "") > LONGEST:
                continue
            event = kept(found, written, others & now, arrives)
            if event is not None:
                return found, event
    return None


def affixed(
    heard: Filter,
    written: EventSet,
    others: EventSet,
    known: tuple[StringSet, ...] = (),
    arrives: Arrives = lambda _events: True,
) -> tuple[Filter, Event] | None:
    """A notification's filter with a longer prefix, or a suffix, which no written key has.

    ``known`` are the keys of other writers: theirs are tried first. S3 has no filter that
    excludes, so where uploads come from must be said in words.
    """
    ends = affixes(heard)
    if ends is None:
        return None
    for prefix, suffix in _affixes(*ends, known):
        found = with_affixes(heard, prefix, suffix)
        event = kept(found, written, others & filters.heard(heard), arrives)
        if event is not None:
            return found, event
    return None


def affixes(heard: Filter) -> tuple[str, str] | None:
    """Prefix and suffix of a notification; None where they do not simply stand for themselves."""
    document = json.loads(heard.document)
    rules = document.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    values = {rule["Name"].lower(): rule.get("Value", "") for rule in rules}
    is_odd = any(set(each) & set("%+*?$") for each in values.values())
    if values.keys() - {"prefix", "suffix"} or is_odd:
        return None
    return values.get("prefix", ""), values.get("suffix", "")


def with_affixes(heard: Filter, prefix: str, suffix: str) -> Filter:
    """A notification that hears the same events of keys with these ends."""
    asked = (("prefix", prefix), ("suffix", suffix))
    key = {"FilterRules": [{"Name": name, "Value": text} for name, text in asked if text]}
    document = {**json.loads(heard.document), "Filter": {"Key": key}}
    return Filter(NOTIFICATION, canonical_json(document))


def kept(found: Filter, written: EventSet, others: EventSet, arrives: Arrives) -> Event | None:
    """An event of ``others`` that the filter hears; None too where it hears any that is written."""
    try:
        heard = filters.heard(found)
        if not isinstance(compare(written, heard), Cannot):
            return None
        hop = compare(others, heard)
        if not arrives(others & heard):
            return None
    except (FilterError, TooComplex):
        return None
    return hop.witness if isinstance(hop, Always | Sometimes) else None


def language_of(kind: str, heard: Filter | None) -> str:
    """In which language an edge of a kind may be narrowed; empty where it has none."""
    if heard is not None:
        return heard.language
    family, _, source = kind.partition(".")
    source = source.removeprefix("source.").partition(".")[0]
    match family:
        case "esm":
            source = {"docdb": "documentdb"}.get(source, source)
            language = f"lambda.criteria.{source}"
        case "pipe":
            language = f"pipes.criteria.{source}"
        case "sns" if kind.startswith("sns.sub."):
            language = BODY
        case "logs" if kind.startswith("logs.subscription"):
            language = "logs.pattern"
        case _:
            return ""
    return language if language in filters.languages() else ""


def _affixes(before: str, after: str, known: tuple[StringSet, ...]) -> Iterator[tuple[str, str]]:
    for keys in known:
        if isinstance(keys, Pattern) and all(len(t) == 1 for part in keys.segments for t in part):
            first, last = "".join(keys.segments[0]), "".join(keys.segments[-1])
            if first.startswith(before) and first != before:
                yield first, after
            if last.endswith(after) and last != after:
                yield before, last
    for folder in FOLDERS:
        yield before + folder, after
    for ending in ENDINGS:
        yield before, ending + after


def _plainness(clause: tuple[Path, Json]) -> tuple[object, ...]:
    """Values before patterns, the ARN of who did it before other names, short before long."""
    path, matcher = clause
    is_pattern = not isinstance(matcher["anything-but"], list)
    return (is_pattern, path[-1] != "arn", len(canonical_json([path, matcher])), path)


def _clauses(written: EventSet, language: str) -> Iterator[tuple[Path, Json]]:
    """Fields whose values are known wherever something is written, and what excludes them."""
    known = [dict(box.scalars) for box in written.boxes]
    for path in sorted(set.intersection(*map(set, known)) if known else ()):
        values = [fields[path] for fields in known]
        if any(each.absent or each.null or each.true or each.false for each in values):
            continue
        if any(not each.numbers.is_empty() for each in values):
            continue
        for matcher in _excluding(strings.union(each.strings for each in values), language):
            yield path, matcher


def _excluding(values: StringSet, language: str) -> Iterator[Json]:
    """What hears any text but these, as far as AWS says that a language can.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    and https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
    """
    parts = values.ordered if isinstance(values, Union) else [values]
    texts = [text for part in parts if isinstance(part, Texts) for text in sorted(part.texts)]
    patterns = [part for part in parts if isinstance(part, Pattern)]
    if len(texts) + len(patterns) == 0 or len(texts) > MOST_TEXTS:
        return
    if len(patterns) == 0 and len(parts) == 1:
        yield {"anything-but": texts}
    elif len(patterns) == len(parts) and language in (PATTERN, BODY, ATTRIBUTES):
        said = [_said(part) for part in patterns]
        for name in ("prefix", "suffix", "wildcard"):
            found = [each.get(name, "") for each in said]
            is_allowed = language == PATTERN or (name == "prefix" and len(found) == 1)
            if all(found) and is_allowed:
                yield {"anything-but": {name: found[0] if len(found) == 1 else sorted(found)}}
                return


def _said(part: Pattern) -> Mapping[str, str]:
    """The words of the language for what a pattern matches, the simplest first."""
    if any(len(token) != 1 for segment in part.segments for token in segment):
        return {}
    said = {"wildcard": str(part)}
    if len(part.segments) == 2:
        first, last = ("".join(segment) for segment in part.segments)
        if not last:
            said["prefix"] = first
        if not first:
            said["suffix"] = last
    return said


def _documents(heard: Filter | None, language: str, path: Path, matcher: Json) -> Iterator[Json]:
    """The filter's document with one more clause; nothing where there is no room for it."""
    inside = path
    if language in INTO:
        if path[0] != INTO[language]:
            return
        inside = path[1:]
    if not inside:
        return
    known = json.loads(heard.document) if heard is not None else {}
    if language.startswith(CRITERIA):
        patterns = [json.loads(each["Pattern"]) for each in known.get("Filters", ())] or [{}]
        added = [_with(pattern, inside, matcher) for pattern in patterns]
        if None not in added:
            yield {"Filters": [{"Pattern": canonical_json(each)} for each in added]}
    elif language in (PATTERN, *INTO):
        found = _with(known, inside, matcher)
        if found is not None:
            yield found


def _with(pattern: Json, path: Path, matcher: Json) -> Json | None:
    """A pattern that asks one more thing at a path; None where it asks something else there."""
    if not isinstance(pattern, dict):
        return None
    name, *below = path
    if below:
        inner = _with(pattern.get(name, {}), tuple(below), matcher)
        return None if inner is None else {**pattern, name: inner}
    if name not in pattern:
        return {**pattern, name: [matcher]}
    excluded = matcher["anything-but"]
    asked = pattern[name]
    if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
        return None
    if not isinstance(excluded, list):
        return None
    left = [each for each in asked if each not in excluded]
    return {**pattern, name: left} if left and left != asked else None


def keys_of(events: EventSet) -> StringSet | None:
    """The object keys of what is written to a bucket, if every alternative tells them."""
    known = [dict(box.scalars).get(KEY) for box in events.boxes]
    return strings.union(each.strings for each in known if each) if all(known) else None


def is_understood(heard: Filter) -> bool:
    """Whether a filter could be read, so that it may be written anew."""
    try:
        filters.parse(heard)
        json.loads(heard.document)
    except (FilterError, ValueError):
        return False
    return True
