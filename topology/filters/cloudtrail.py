"""CloudTrail event selectors: which resources one is about, and which objects of a bucket.

A document is a bucket and a selector, ``{"Bucket": ARN, "Conditions": [{"Field": "resources.ARN",
"StartsWith": [...]}, ...]}``. An event is S3's record with the key as S3 stores it. Conditions on
other fields than the ARN, who called or from where, are taken to be met.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from topology.filters.document import FilterError, Json, a_list, a_string, an_object, read, within
from topology.sets import strings
from topology.sets.events import EventSet, Path
from topology.sets.strings import StringSet

LANGUAGES = ("cloudtrail.selector",)
ARN = "resources.ARN"
KEY: Path = ("s3", "object", "key")

# One of the first has to hold, and all of the others.
SELECTS: Mapping[str, Callable[[str], StringSet]] = {
    "Equals": strings.literal,
    "StartsWith": strings.prefix,
    "EndsWith": strings.suffix,
}
LEAVES_OUT = {f"Not{name}": of for name, of in SELECTS.items()}


def values(conditions: Iterable[Mapping[str, Any]], field: str) -> StringSet:
    """The values of a field that meet every condition of a selector; any where none asks."""
    found = strings.ANY
    for condition in conditions:
        if condition.get("Field") == field:
            chosen = [of(text) for name, of in SELECTS.items() for text in condition.get(name, ())]
            if chosen:
                found &= strings.union(chosen)
            for name, of in LEAVES_OUT.items():
                for text in condition.get(name, ()):
                    found &= ~of(text)
    return found


@dataclass(frozen=True, slots=True)
class ObjectSelector:
    """The keys of one bucket that a selector is about."""

    keys: StringSet

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event in a record, as it is."""
        return dict(record)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether what happened to this object is logged."""
        key = event.get("s3", {}).get("object", {}).get("key")
        return isinstance(key, str) and key in self.keys

    def heard(self) -> EventSet:
        """Every event of an object that is logged."""
        return EventSet.demands({KEY: self.keys})


def parse(document: str, language: str = LANGUAGES[0]) -> ObjectSelector:
    """Parse a bucket and a selector. Raises ``FilterError``."""
    found = an_object(read(document), "")
    bucket = a_string(found.get("Bucket"), "Bucket")
    conditions = a_list(found.get("Conditions"), "Conditions")
    known = [_condition(each, within("Conditions", index)) for index, each in enumerate(conditions)]
    return ObjectSelector(values(known, ARN).after(f"{bucket}/"))


def _condition(condition: Json, at: str) -> Mapping[str, Any]:
    fields = an_object(condition, at)
    a_string(fields.get("Field"), within(at, "Field"))
    for name, texts in fields.items():
        if name in SELECTS or name in LEAVES_OUT:
            for index, text in enumerate(a_list(texts, within(at, name))):
                a_string(text, within(within(at, name), index))
        elif name != "Field":
            raise FilterError(within(at, name), "there is no such operator")
    return fields
