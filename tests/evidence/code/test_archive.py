"""What a zip may hold, and every way in which one is refused instead of half read."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.code import zips
from topology.evidence.code.archive import Archive, Keep
from topology.evidence.code.limits import KEPT, PackageError

PLAIN = {"app.py": b"import shared\n", "lib/data.json": b"{}", "native.so": b"\x7fELF"}


def archive(function: bytes, *layers: bytes) -> Archive:
    made = Archive(io.BytesIO(function))
    for layer in layers:
        made.add_layer(io.BytesIO(layer))
    return made


def everything(_path: str) -> Keep:
    return Keep.CONTENT


def sources(path: str) -> Keep:
    if path.startswith("vendored/"):
        return Keep.NOTHING
    return Keep.CONTENT if path.endswith(".py") else Keep.NAME


def test_a_layers_files_stand_below_opt_and_later_layers_win():
    made = archive(
        zips.zipped(PLAIN),
        zips.zipped({"python/shared.py": "OLD = 1"}),
        zips.zipped({"python/shared.py": "NEW = 1", "python/more.py": ""}),
    )
    assert dict(made.files(everything)) == {
        **PLAIN,
        "opt/python/shared.py": b"NEW = 1",
        "opt/python/more.py": b"",
    }


def test_only_what_a_reader_wants_is_inflated():
    made = archive(zips.zipped({**PLAIN, "vendored/sdk.py": "x" * 100}))
    found = made.files(sources)
    assert dict(found) == {"app.py": PLAIN["app.py"], "lib/data.json": b"", "native.so": b""}
    assert b"".join(made.chunks("native.so")) == b"\x7fELF"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_large_members_come_in_pieces(method):
    content = bytes(range(256)) * 4_000
    made = archive(zips.zipped({"data": content}, method))
    pieces = list(made.chunks("data"))
    assert len(pieces) > 10
    assert b"".join(pieces) == content


def test_folders_and_needless_dots_are_no_files():
    assert archive(zips.zipped({"lib/": b"", "./lib/a.py": b"1"})).paths == ["lib/a.py"]


@pytest.mark.parametrize("path", ["node_modules/.bin/esbuild", "lib/libxml2.so", "a/libz.so.1.2"])
def test_links_that_bring_no_source_are_names_without_content(path):
    made = archive(zips.linked(path, "app.py"))
    assert made.files(everything)[path] == b""


ORDINARY = zips.zipped(PLAIN)
HOSTILE = [
    pytest.param(b"", "no zip file", id="nothing"),
    pytest.param(b"PK\5\6", "no zip file", id="four bytes"),
    pytest.param(b"<html>", "no zip file", id="a web page"),
    pytest.param(ORDINARY[:-30], "no zip file", id="cut short at the end"),
    pytest.param(ORDINARY[:40] + ORDINARY[90:], "directory elsewhere", id="cut in the middle"),
    pytest.param(ORDINARY + b"more", "something follows", id="something after it"),
    pytest.param(b"#!/bin/sh\n" + ORDINARY, "directory elsewhere", id="something before it"),
    pytest.param(zips.many(65_000), "more than 50,000 files", id="65,000 members"),
    pytest.param(zips.zipped({"../app.py": b""}), "leads out", id="a path upwards"),
    pytest.param(zips.zipped({"a/../../b.py": b""}), "leads out", id="a path upwards within"),
    pytest.param(zips.zipped({"/etc/passwd": b""}), "leads out", id="an absolute path"),
    pytest.param(zips.zipped({"a\\..\\b.py": b""}), "leads out", id="a path of Windows"),
    pytest.param(zips.zipped({"a\nb.py": b""}), "leads out", id="a path of two lines"),
    pytest.param(zips.zipped({"a" * 600: b""}), "too long", id="a long path"),
    pytest.param(zips.zipped({"a/" * 80 + "b": b""}), "too deep", id="a deep path"),
    pytest.param(zips.linked("shared"), "links", id="a link to a folder"),
    pytest.param(zips.linked("helper.py"), "links", id="a link to source"),
    pytest.param(zips.twice("app.py"), "two files of one name", id="a name twice"),
    pytest.param(zips.zipped({"a": b"", "./a": b""}), "two files", id="a name spelled twice"),
    pytest.param(zips.zipped({"a": b"", "a/b.py": b""}), "it has a folder", id="file and folder"),
    pytest.param(zips.zipped({"a": b"\0" * 30_000_000}), "declares sizes", id="a bomb"),
    pytest.param(zips.overlapping(), "overlap", id="a bomb that overlaps"),
    pytest.param(zips.claiming(300_000_000), "more than 250 MB", id="a declared size too large"),
    pytest.param(zips.claiming(5_000), "more than it declares", id="a declared size too small"),
    pytest.param(zips.claiming(6_001), "not what it declares", id="a declared size one more"),
    pytest.param(zips.flagged(0x1), "encrypted", id="encrypted"),
    pytest.param(zips.flagged(0x2040), "encrypted", id="encrypted strongly"),
    pytest.param(zips.renamed(b"lib.py"), "another name", id="two names of one file"),
    pytest.param(zips.wide(1 << 40), "more than 250 MB", id="a zip64 size too large"),
    pytest.param(zips.wide(7), "not what it declares", id="a zip64 size that is wrong"),
    pytest.param(
        zips.zipped({"app.py": b"x"}, zipfile.ZIP_LZMA), "a way that is not read", id="LZMA"
    ),
]


@pytest.mark.parametrize(("zipped", "why"), HOSTILE)
def test_a_hostile_zip_is_refused_in_words(zipped: bytes, why: str) -> None:
    with pytest.raises(PackageError) as refused:
        archive(zipped).files(everything)
    assert why in str(refused.value)
    assert str(refused.value).startswith("the package ")


def test_a_zip_in_a_zip_is_a_name_and_is_not_opened():
    inner = zips.zipped({"a": b"\0" * 30_000_000})
    made = archive(zips.zipped({"lib/inner.zip": inner, "app.py": b"pass"}))
    assert dict(made.files(sources)) == {"app.py": b"pass", "lib/inner.zip": b""}


def test_a_hostile_layer_leaves_nothing_of_itself():
    made = archive(zips.zipped(PLAIN))
    with pytest.raises(PackageError):
        made.add_layer(io.BytesIO(zips.zipped({"python/a.py": b"", "../b": b""})))
    assert made.paths == sorted(PLAIN)


def test_a_function_and_its_layers_share_the_limits():
    large = zips.zipped({"data": b"\0" * 1_000})
    made = archive(large, *[large] * 5)
    with pytest.raises(PackageError, match="5 layers"):
        made.add_layer(io.BytesIO(large))
    with pytest.raises(PackageError, match="looks like its layers"):
        archive(zips.zipped({"opt/python/a.py": b""}), large)
    with pytest.raises(PackageError, match="more than 50,000 files"):
        archive(zips.many(26_000), zips.many(26_000))


def test_more_source_than_is_held_at_once_is_refused():
    part = b"".join(b"x%07d = 1\n" % number for number in range(500_000))
    made = archive(zips.zipped({f"{number}.py": part for number in range(KEPT // len(part) + 1)}))
    with pytest.raises(PackageError, match="64 MB of source"):
        made.files(everything)


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(ORDINARY) - 1),
    bytes_=st.binary(min_size=1, max_size=8),
    cut=st.integers(0, len(ORDINARY)),
)
def test_a_damaged_zip_is_whole_or_refused(at: int, bytes_: bytes, cut: int) -> None:
    damaged = (ORDINARY[:at] + bytes_ + ORDINARY[at + len(bytes_) :])[: cut or None]
    try:
        found = archive(damaged).files(everything)
    except PackageError:
        return
    for path, content in found.items():
        assert PLAIN.get(path, content) == content


MEASURED = """
import io, re, sys
from pathlib import Path
from tests.evidence.code import zips
from topology.evidence.code.archive import Archive, Keep
with open(sys.argv[1], "rb") as file:
    try:
        Archive(file).files(lambda _: Keep.CONTENT)
    except Exception as error:
        print(error)
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measured by Linux")
@pytest.mark.parametrize("kind", ["as much source as may be", "as many members as may be"])
def test_the_largest_package_is_held_in_256_mb(tmp_path, kind):
    if kind.startswith("as much"):
        part = b"".join(b"x%07d = 1\n" % number for number in range(500_000))
        made = zips.zipped({f"{number}.py": part for number in range(KEPT // len(part))})
    else:
        made = zips.many(50_000)
    path = tmp_path / "package.zip"
    path.write_bytes(made)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    [megabytes] = done.stdout.splitlines()
    assert int(megabytes) < 256
