"""Zip files as people upload them, and as nobody should."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping

Files = Mapping[str, bytes | str]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by path."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return made.getvalue()


def many(count: int) -> bytes:
    """A zip of that many empty files, made by hand: the library takes seconds."""
    one = zipped({"f000000": b""}, zipfile.ZIP_STORED)
    at, entry = _directory(one)
    names = [b"f%06d" % number for number in range(count)]
    files = [one[:30] + name for name in names]
    entries = [
        entry[:42] + struct.pack("<L", number * at) + name for number, name in enumerate(names)
    ]
    return _ended(b"".join(files), entries)


def linked(path: str, to: str = "../../etc") -> bytes:
    """A zip with a symbolic link and a source file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo(path)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, to)
        archive.writestr("app.py", b"pass")
    return made.getvalue()


def twice(path: str) -> bytes:
    """A zip with two files of one name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for content in (b"one", b"two"):
            archive.writestr(path, content)
    return made.getvalue()


def overlapping() -> bytes:
    """A zip bomb after Fifield: one member's data are another member, head and all."""
    inner = zipped({"b": b"\0" * 1_000})
    inner_at, inner_entry = _directory(inner)
    outer = zipped({"a": inner[:inner_at]}, zipfile.ZIP_STORED)
    at, entry = _directory(outer)
    data_at = at - inner_at
    return _ended(outer[:at], [entry, inner_entry[:42] + struct.pack("<L", data_at) + b"b"])


def claiming(size: int, files: Files | None = None) -> bytes:
    """A zip whose one member declares another size than it has."""
    whole = zipped(files or {"app.py": b"x = 1\n" * 1000})
    at, entry = _directory(whole)
    return _ended(whole[:at], [entry[:24] + struct.pack("<L", size) + entry[28:]])


def flagged(flags: int) -> bytes:
    """A zip whose one member has these flags."""
    whole = zipped({"app.py": b"x = 1\n"})
    at, entry = _directory(whole)
    return _ended(whole[:at], [entry[:8] + struct.pack("<H", flags) + entry[10:]])


def renamed(name: bytes) -> bytes:
    """A zip whose directory calls its member otherwise than the member itself does."""
    whole = zipped({"app.py": b"x = 1\n"})
    at, entry = _directory(whole)
    return _ended(whole[:at], [entry[:46] + name + entry[46 + len(name) :]])


def wide(size: int) -> bytes:
    """A zip that says its member's size stands in a zip64 field, and what stands there."""
    whole = zipped({"app.py": b"x = 1\n"})
    at, entry = _directory(whole)
    head = bytearray(entry)
    struct.pack_into("<L", head, 24, 0xFFFFFFFF)
    struct.pack_into("<H", head, 30, 12)
    return _ended(whole[:at], [bytes(head) + struct.pack("<2HQ", 1, 8, size)])


def _directory(whole: bytes) -> tuple[int, bytes]:
    """Where the directory of a zip of one member starts, and its one entry."""
    at = whole.index(b"PK\1\2")
    return at, whole[at : whole.index(b"PK\5\6")]


def _ended(before: bytes, entries: list[bytes]) -> bytes:
    directory = b"".join(entries)
    numbers = (0, 0, len(entries), len(entries), len(directory), len(before), 0)
    return before + directory + struct.pack("<4s4H2LH", b"PK\5\6", *numbers)
