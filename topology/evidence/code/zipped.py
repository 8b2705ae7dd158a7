"""The members of a zip file that nobody vouches for: every claim it makes is checked.

The standard library's reader takes a directory of any size at its word; a file from somebody's
account may be made to hurt. Whatever is odd is a ``PackageError``, in words for a page.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import posixpath
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import BinaryIO, NoReturn

from topology.evidence.code.limits import (
    DEEPEST_PATH,
    DIRECTORY,
    LONGEST_PATH,
    MEMBERS,
    RATIO,
    SMALL,
    UNZIPPED,
    PackageError,
)

END = struct.Struct("<4s4H2LH")
END_64_AT = struct.Struct("<4sLQL")
END_64 = struct.Struct("<4sQ2H2L4Q")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
COMMENT = 0xFFFF  # bytes that may follow the end of the directory
IN_64, IN_64_SHORT = 0xFFFFFFFF, 0xFFFF  # "see the other field"
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF8 = 0x800
STORED, DEFLATED = 0, 8
PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip. ``path`` is relative and plain; ``is_link`` where it names another path."""

    path: str
    raw: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    is_link: bool


class Zipped:
    """A zip file whose directory was read and checked; ``members`` in the directory's order."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = file.seek(0, 2)
        start, size, count = self._end()
        self.members: Sequence[Member] = tuple(self._directory(start, size, count))
        _must_not_clash(self.members)
        self._data = self._places(start)

    def chunks(self, member: Member) -> Iterator[bytes]:
        """What a member holds, in pieces; its bytes are counted as they come."""
        counted = crc = 0
        for piece in self._inflated(member):
            counted += len(piece)
            crc = zlib.crc32(piece, crc)
            if counted > member.size:
                _refuse("holds more than it declares")
            yield piece
        if counted != member.size or crc != member.crc:
            _refuse("is damaged: a file in it is not what it declares")

    def _inflated(self, member: Member) -> Iterator[bytes]:
        self._file.seek(self._data[member.path])
        left = member.packed
        if member.method == STORED:
            while left:
                piece = self._read(min(left, PIECE))
                left -= len(piece)
                yield piece
            return
        if member.method != DEFLATED:
            _refuse("is compressed in a way that is not read")
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        at = self._data[member.path]
        while left and not inflate.eof:
            self._file.seek(at)
            piece = self._read(min(left, PIECE))
            left -= len(piece)
            at += len(piece)
            while piece and not inflate.eof:
                try:
                    inflated = inflate.decompress(piece, PIECE)
                except zlib.error:
                    _refuse("is damaged: a file in it cannot be decompressed")
                piece = inflate.unconsumed_tail
                yield inflated
        if left or inflate.unused_data or not inflate.eof:
            _refuse("is damaged: a file in it ends elsewhere than it declares")

    def _read(self, size: int) -> bytes:
        found = self._file.read(size)
        if len(found) != size:
            _refuse("is cut short")
        return found

    def _end(self) -> tuple[int, int, int]:
        """Where the directory starts, its size in bytes, and how many members it has."""
        tail_at = max(0, self._length - END.size - COMMENT)
        self._file.seek(tail_at)
        tail = self._file.read()
        at = tail.rfind(b"PK\5\6")
        if at < 0 or len(tail) - at < END.size:
            _refuse("is no zip file, or is cut short")
        _, disk, first, here, count, size, start, comment = END.unpack_from(tail, at)
        if at + END.size + comment != len(tail):
            _refuse("is no whole zip file: something follows its end")
        ends = tail_at + at
        if IN_64_SHORT in (here, count) or IN_64 in (size, start):
            ends, disk, first, here, count, size, start = self._end_64(ends)
        if disk or first or here != count:
            _refuse("is one part of several")
        if start + size != ends:
            _refuse("has its directory elsewhere than it declares")
        if count > MEMBERS:
            _refuse(f"holds more than {MEMBERS:,} files")
        if size > DIRECTORY:
            _refuse("has a directory that is too large")
        return start, size, count

    def _end_64(self, before: int) -> tuple[int, int, int, int, int, int, int]:
        """The same of a zip64, whose end stands before the end that all zip files have."""
        if before < END_64_AT.size + END_64.size:
            _refuse("declares a size that it does not have")
        self._file.seek(before - END_64_AT.size)
        mark, disk, at, disks = END_64_AT.unpack(self._read(END_64_AT.size))
        if mark != b"PK\6\7" or disk or disks > 1 or at > before - END_64_AT.size - END_64.size:
            _refuse("declares a size that it does not have")
        self._file.seek(at)
        mark, _, _, _, number, first, here, count, size, start = END_64.unpack(
            self._read(END_64.size)
        )
        if mark != b"PK\6\6":
            _refuse("declares a size that it does not have")
        return at, number, first, here, count, size, start

    def _directory(self, start: int, size: int, count: int) -> Iterator[Member]:
        self._file.seek(start)
        directory = self._read(size)
        at = total = 0
        for _ in range(count):
            if len(directory) - at < CENTRAL.size:
                _refuse("is cut short in its directory")
            mark, made_by, _, flags, method, _, _, crc, packed, real, *rest = CENTRAL.unpack_from(
                directory, at
            )
            name_size, extra_size, comment_size, disk, _, outer, offset = rest
            at += CENTRAL.size
            raw = directory[at : at + name_size]
            extra = directory[at + name_size : at + name_size + extra_size]
            at += name_size + extra_size + comment_size
            if mark != b"PK\1\2" or at > len(directory) or disk not in (0, IN_64_SHORT):
                _refuse("has a damaged directory")
            if flags & ENCRYPTED:
                _refuse("is encrypted")
            real, packed, offset = _in_64(extra, (real, packed, offset))
            name = _name(raw, flags)
            if name.endswith("/"):
                _plain(name)
                continue
            total += real
            if total > UNZIPPED:
                _refuse(f"unpacks to more than {UNZIPPED >> 20} MB")
            if real > SMALL + RATIO * packed or (method == STORED and real != packed):
                _refuse("declares sizes that no file has")
            kind = stat.S_IFMT(outer >> 16) if made_by >> 8 == UNIX else 0
            if kind not in (0, stat.S_IFREG, stat.S_IFLNK):
                _refuse("holds something that is no file")
            is_link = kind == stat.S_IFLNK
            yield Member(_plain(name), raw, method, crc, packed, real, offset, is_link)
        if at != len(directory):
            _refuse("has more in its directory than it declares")

    def _places(self, end: int) -> dict[str, int]:
        """Where each member's data begin; what two members share is a bomb."""
        found: dict[str, int] = {}
        spans: list[tuple[int, int]] = []
        for member in self.members:
            if member.offset + LOCAL.size > end:
                _refuse("has a file outside of itself")
            self._file.seek(member.offset)
            head = LOCAL.unpack(self._read(LOCAL.size))
            name_size, extra_size = head[-2:]
            if head[0] != b"PK\3\4" or self._read(name_size) != member.raw:
                _refuse("has a file under another name than its directory says")
            if head[2] & ENCRYPTED or head[3] != member.method:
                _refuse("has a file packed otherwise than its directory says")
            found[member.path] = member.offset + LOCAL.size + name_size + extra_size
            spans.append((member.offset, found[member.path] + member.packed))
        spans.sort()
        if any(one[1] > other[0] for one, other in pairwise([*spans, (end, end)])):
            _refuse("has files that overlap")
        return found


UNIX = 3  # what made a zip whose members have modes


def _name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError:
        _refuse("has a file name that cannot be read")


def _plain(name: str) -> str:
    """A member's path without needless dots."""
    parts = name.removesuffix("/").split("/")
    if name.startswith("/") or ".." in parts or "\\" in name or not name.isprintable():
        _refuse("has a path that leads out of it")
    if len(name) > LONGEST_PATH or len(parts) > DEEPEST_PATH:
        _refuse("has a path that is too long or too deep")
    return posixpath.normpath(name)


def _in_64(extra: bytes, known: tuple[int, int, int]) -> tuple[int, int, int]:
    """Real size, packed size and offset, those that do not fit from the zip64 field."""
    if IN_64 not in known:
        return known
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == 1 and at + 4 + size <= len(extra):
            wide = [each[0] for each in struct.iter_unpack("<Q", extra[at + 4 :][: size // 8 * 8])]
            if len(wide) < known.count(IN_64):
                break
            real, packed, offset = (wide.pop(0) if each == IN_64 else each for each in known)
            return real, packed, offset
        at += 4 + size
    _refuse("declares a size that it does not have")


def _must_not_clash(members: Iterable[Member]) -> None:
    """No path stands for two files, or for a file and a folder."""
    paths = [member.path for member in members]
    known = set(paths)
    if len(known) != len(paths):
        _refuse("has two files of one name")
    folders = {
        folder for path in known for folder in accumulate(path.split("/")[:-1], "{}/{}".format)
    }
    if folders & known:
        _refuse("has a file where it has a folder")


def _refuse(reason: str) -> NoReturn:
    raise PackageError(f"the package {reason}")
