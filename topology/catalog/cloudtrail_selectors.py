"""CloudTrail: event selectors of either kind as one list of conditions.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
and https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from topology.catalog.service import Item

Condition: TypeAlias = dict[str, object]  # {"Field": …, "Equals": […], "NotStartsWith": […]}

OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
# Fields of which the values are kept; of any other (who called, what failed) only its name.
KEPT = ("eventCategory", "eventName", "eventSource", "readOnly", "resources.ARN", "resources.type")
READ_ONLY = {"ReadOnly": "true", "WriteOnly": "false"}


def conditions(answer: Item) -> list[list[Condition]]:
    """The selectors of a trail: it logs what meets every condition of one of them."""
    found = [list(_advanced(each)) for each in answer.get("AdvancedEventSelectors") or ()]
    for selector in answer.get("EventSelectors") or ():
        found += _basic(selector)
    return found


def _advanced(selector: Item) -> Iterator[Condition]:
    for condition in selector["FieldSelectors"]:
        field = condition["Field"]
        operators = OPERATORS if field in KEPT else ()
        asked = {each: sorted(condition[each]) for each in operators if condition.get(each)}
        yield {"Field": field, **asked}


def _basic(selector: Item) -> Iterator[list[Condition]]:
    """A selector of the first kind: management events, and one list of ARNs per type of data."""
    read_only = READ_ONLY.get(selector.get("ReadWriteType", "All"))
    narrowed = [_equals("readOnly", read_only)] if read_only else []
    if selector.get("IncludeManagementEvents", True):
        left_out = sorted(selector.get("ExcludeManagementEventSources", ()))
        silent: list[Condition] = [{"Field": "eventSource", "NotEquals": left_out}]
        management = _equals("eventCategory", "Management")
        yield [management, *narrowed, *(silent if left_out else ())]
    for resources in selector.get("DataResources", ()):
        if values := resources.get("Values"):
            begins: Condition = {"Field": "resources.ARN", "StartsWith": sorted(values)}
            data = [_equals("eventCategory", "Data"), *narrowed]
            yield [*data, _equals("resources.type", resources["Type"]), begins]


def _equals(field: str, value: str) -> Condition:
    return {"Field": field, "Equals": [value]}
