"""Tags of everything tagged, in one walk per Region: stacks and teams, for grouping.

Source: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Labelled, Service
from topology.catalog.wiring import end

LONGEST_KEY, LONGEST_VALUE = 128, 256  # characters, AWS's own limits

service = Service(
    client="resourcegroupstaggingapi",
    title="AWS resource tags",
    iam_prefix="tag",
    rate=7.0,  # of 15/s
    source="https://docs.aws.amazon.com/general/latest/gr/arg.html",
)

tagged = Call("get_resources", items="ResourceTagMappingList", parameters={"ResourcesPerPage": 100})


@service.reads(tagged)
def tags(here: Here, item: Item) -> Iterator[Fact]:
    """The tags of one resource, whichever service it is of."""
    found = {tag["Key"][:LONGEST_KEY]: tag["Value"][:LONGEST_VALUE] for tag in item.get("Tags", ())}
    if found:
        yield Labelled(end(item["ResourceARN"])[0], found)
