"""What a permitted write raises: the events of any such write, narrowed by what is permitted."""

from __future__ import annotations

from topology.catalog.service import Write
from topology.inference.channels import Channels
from topology.inference.rulings import Ruling
from topology.sets.events import EventSet, Path
from topology.sets.strings import StringSet


def raised(channels: Channels, write: Write, arn: str, ruling: Ruling) -> EventSet:
    """The events that a write to a channel may put there, by what was ruled of it."""
    paths = {each.key: path for each, path in channels.chosen(write, arn).items()}
    found = EventSet()
    for filled, keys in ruling.reached:
        fields: dict[Path, StringSet] = {paths[key]: values for key, values in filled}
        if write.keyed is not None:
            fields[write.key_at] = keys
        found |= write.raises & EventSet.scalars(fields) if fields else write.raises
    return found
