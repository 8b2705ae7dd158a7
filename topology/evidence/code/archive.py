"""A function's files as Lambda lays them out: its own, and its layers' below ``opt/``.

The function's paths are those below ``/var/task``. Of layers, a later one's files take the place
of an earlier one's. Nothing is written anywhere, and a zip within a zip is not opened.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html,
https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import BinaryIO

from topology.evidence.code.limits import KEPT, LAYERS, MEMBERS, UNZIPPED, PackageError
from topology.evidence.code.zipped import Member, Zipped

OPT = "opt/"
START = 64  # bytes
# Links that bring no source: versions of shared libraries, and what npm installs as commands.
HARMLESS_LINK = re.compile(r"(.*/)?(\.bin/[^/]+|[^/]+\.so(\.\d+)*)")


class Keep(Enum):
    """What a reader needs of a file."""

    CONTENT = "content"
    START = "start"  # its first bytes
    NAME = "name"  # that it is there
    NOTHING = "nothing"  # it must not look as if it were there and empty


class Archive:
    """The files of one function; raises ``PackageError`` for whatever may be no honest zip."""

    def __init__(self, function: BinaryIO) -> None:
        self._places: dict[str, tuple[Zipped, Member]] = {}
        self._unzipped = self._members = self._layers = 0
        self._add(function, "")

    def add_layer(self, layer: BinaryIO) -> None:
        """Lay a layer over what is there; on ``PackageError`` nothing of it is."""
        self._layers += 1
        if self._layers > LAYERS:
            raise PackageError(f"a function has {LAYERS} layers at most")
        if self._layers == 1 and any(path.startswith(OPT) for path in self._places):
            raise PackageError("the package has a folder that looks like its layers'")
        self._add(layer, OPT)

    @property
    def paths(self) -> list[str]:
        """Every path, sorted."""
        return sorted(self._places)

    def files(self, keeps: Callable[[str], Keep]) -> Mapping[str, bytes]:
        """What ``keeps`` asks for by path, sorted; of a file kept by its name, no bytes.

        Raises ``PackageError`` for a member that is not what it declares, and where more than
        ``KEPT`` bytes would be held.
        """
        found: dict[str, bytes] = {}
        held = 0
        for path in self.paths:
            match keeps(path):
                case Keep.CONTENT:
                    held += self._places[path][1].size
                    if held > KEPT:
                        raise PackageError(
                            f"the package holds more than {KEPT >> 20} MB of source code"
                        )
                    found[path] = b"".join(self.chunks(path))
                case Keep.START:
                    found[path] = next(self.chunks(path), b"")[:START]
                case Keep.NAME:
                    found[path] = b""
        return found

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of one file in pieces; nothing of a link, which holds another path."""
        zipped, member = self._places[path]
        return iter(()) if member.is_link else zipped.chunks(member)

    def _add(self, file: BinaryIO, below: str) -> None:
        zipped = Zipped(file)
        unzipped = self._unzipped + sum(member.size for member in zipped.members)
        members = self._members + len(zipped.members)
        if unzipped > UNZIPPED:
            raise PackageError(f"the package unpacks to more than {UNZIPPED >> 20} MB")
        if members > MEMBERS:
            raise PackageError(f"the package holds more than {MEMBERS:,} files")
        if any(m.is_link and not HARMLESS_LINK.fullmatch(m.path) for m in zipped.members):
            raise PackageError("the package holds links to other paths")
        self._unzipped, self._members = unzipped, members
        self._places.update({below + each.path: (zipped, each) for each in zipped.members})
