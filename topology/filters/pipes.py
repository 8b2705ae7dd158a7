"""Filter criteria of EventBridge Pipes: as Lambda's, but blind to the poller's own fields.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
"""

from __future__ import annotations

from topology.filters.event_source_mapping import SOURCES, Criteria, compared, read_criteria
from topology.filters.operators import Opaque
from topology.filters.pattern import Leaf, Pattern

PREFIX = "pipes.criteria."
LANGUAGES = tuple(f"{PREFIX}{source}" for source in SOURCES if source != "documentdb")

# AWS's page says that patterns cannot use these; AWS's own tutorials filter on eventName.
POLLER_FIELDS = frozenset(
    {
        "awsRegion",
        "eventSource",
        "eventSourceARN",
        "eventVersion",
        "eventID",
        "eventName",
        "invokeIdentityArn",
        "eventSourceKey",
    }
)
UNDECIDED = Leaf((Opaque("AWS does not say how a pipe compares what its poller adds"),))


def parse(document: str, language: str) -> Criteria:
    """Parse a pipe's ``FilterCriteria``. Raises ``FilterError``."""
    source = language.removeprefix(PREFIX)
    return Criteria(
        tuple(
            compared(_without_poller_fields(pattern), at, SOURCES[source])
            for pattern, at in read_criteria(document)
        ),
        source,
    )


def _without_poller_fields(pattern: Pattern) -> Pattern:
    return Pattern(
        tuple((key, UNDECIDED if key in POLLER_FIELDS else node) for key, node in pattern.fields),
        tuple(tuple(map(_without_poller_fields, choice)) for choice in pattern.choices),
    )
