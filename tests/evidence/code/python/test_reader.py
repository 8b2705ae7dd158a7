"""What is found in functions written in Python."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.evidence.code.python.handlers import HANDLERS, Handler
from topology.evidence.code.python import read_python, solver
from topology.evidence.code.reading import CodeCall, Reading
from topology.sets.made import described
from topology.sets.recipes import Anything

CLIENT = b'import boto3\ns3 = boto3.client("s3")\n'
PUT = b'    s3.put_object(Bucket="b", Key="k")\n'
HANDLER = b"def handler(event, context):\n"
WRITES = CLIENT + HANDLER + PUT


def told(call: CodeCall) -> str:
    key = "-" if call.key is None else described(call.key)
    if call.fields:
        key = " ".join(f"{name} {described(value)}" for name, value in call.fields)
    return f"{call.service}:{call.operation} {described(call.target)} | {key}"


def reasons(reading: Reading) -> str:
    return " ".join(doubt.reason for doubt in reading.doubts)


@pytest.mark.parametrize("handler", HANDLERS, ids=str)
def test_it_finds_the_calls_and_what_they_act_on(handler: Handler) -> None:
    reading = read_python(handler.files, f"{handler.name}.handler")
    assert {told(call) for call in reading.calls} == set(handler.told)
    assert reading.is_complete == handler.complete, reading.doubts


@pytest.mark.parametrize(
    ("name", "uses"),
    [
        ("idempotent", ("idempotency",)),
        ("batched", ("batch",)),
        ("partial_failures", ("batch",)),
        ("nothing", ()),
    ],
)
def test_it_says_what_is_used_against_running_twice(name: str, uses: tuple[str, ...]) -> None:
    (handler,) = (each for each in HANDLERS if each.name == name)
    assert read_python(handler.files, f"{handler.name}.handler").uses == uses


def test_it_tells_the_condition_that_guards_a_write():
    (handler,) = (each for each in HANDLERS if each.name == "guarded")
    (call,) = read_python(handler.files, f"{handler.name}.handler").calls
    assert call.guarded == (
        'not if the event\'s `Records.*.s3.object.key` starts with "out/", guarded.py:9'
    )


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app.py": b"from lib import *\n" + HANDLER + PUT, "lib.py": CLIENT}, id="*"),
        pytest.param(
            {
                "app.py": b"from lib import inner\n" + HANDLER + b"    inner.save()\n",
                "lib/__init__.py": b"",
                "lib/inner.py": b"from ..other import s3\ndef save():\n" + PUT,
                "other.py": CLIENT,
            },
            id="beyond the top",
        ),
        pytest.param(
            {
                "app.py": b"from lib.inner import save\n" + HANDLER + b"    save()\n",
                "lib/inner.py": b"from .other import s3\ndef save():\n" + PUT,
                "lib/other.py": CLIENT,
            },
            id="folders",
        ),
        pytest.param(
            {
                "app.py": b"import lib\n" + HANDLER + b"    lib.save()\n",
                "opt/python/lib.py": CLIENT + b"def save():\n" + PUT,
            },
            id="a layer",
        ),
        pytest.param(
            {
                "app.py": b"import pkg.a\n" + HANDLER + b"    pkg.a.b.s3.put_object()\n",
                "pkg/__init__.py": b"",
                "pkg/a/__init__.py": b"from . import b",
                "pkg/a/b.py": CLIENT,
            },
            id="dotted",
        ),
        pytest.param(
            {"app.py": b"# coding: latin-1\nx = '\xe9'\n" + WRITES}, id="another encoding"
        ),
    ],
)
def test_it_follows_imports(files: dict[str, bytes]) -> None:
    reading = read_python(files, "app.handler")
    operations = {call.operation for call in reading.calls if call.is_reached}
    assert operations == {"PutObject"} or not reading.is_complete
    assert operations or "beyond" in reasons(reading) or "outside" in reasons(reading)


def test_what_the_handler_does_not_import_is_told_apart():
    reading = read_python(
        {"app.py": HANDLER + b"    pass\n", "script.py": WRITES, "broken.py": b"("}, "app.handler"
    )
    assert [(call.file, call.is_reached) for call in reading.calls] == [("script.py", False)]
    assert reading.is_complete


@pytest.mark.parametrize(
    "made", ["k.encode('ascii', 'ignore').decode()", "k.encode().decode('latin-1')", "k.encode()"]
)
def test_a_key_that_was_encoded_may_be_any_other(made: str) -> None:
    body = f"    k = event['k']\n    s3.put_object(Bucket='b', Key=str({made}))\n".encode()
    (call,) = read_python({"app.py": CLIENT + HANDLER + body}, "app.handler").calls
    assert call.key == Anything()


IMPORTS = b"import lib\n" + HANDLER + b"    pass\n"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "is not in the package"),
        ({"app.py": b"x = 1\n"}, "not found in its file"),
        ({"app.py": IMPORTS}, "`lib` is not in the package"),
        ({"app.py": IMPORTS, "lib.cpython-312-x86_64-linux-gnu.so": b""}, "native code"),
        ({"app.py": IMPORTS, "lib.so": b"", "lib.py": b""}, "native code|more than once"),
        ({"app.py": IMPORTS, "lib.pyc": b""}, "compiled code alone"),
        (
            {
                "app.py": IMPORTS,
                "lib.py": b"",
                "__pycache__/lib.cpython-312.pyc": b"____\1\0\0\0",
            },
            "compiled code too",
        ),
        ({"app.py": IMPORTS, "lib.py": b"", "opt/python/lib.py": b""}, "more than once"),
        ({"app.py": IMPORTS, "lib.py": b"x = 1\n" * 70_000}, "too large|too many"),
        ({"app.py": IMPORTS, "lib.py": b"x = '" + b"a" * 50_000 + b"'"}, "lines too long"),
        ({"app.py": IMPORTS, "lib.py": b"\0"}, "characters that no code may hold"),
        ({"app.py": IMPORTS, "lib.py": b"# coding: nothing\n"}, "encoding"),
        ({"app.py": IMPORTS, "lib.py": b"x = '\xff'"}, "encoding"),
        ({"app.py": b"import queue\n" + IMPORTS, "queue.py": b"", "lib.py": b""}, "Python's own"),
        ({"app.py": WRITES, "boto3.py": b"client = None"}, "name of the SDK"),
        ({"app.py": WRITES, "sitecustomize.py": b"exec('1')"}, "made at run time"),
        ({"app.py": WRITES, "start.pth": b""}, "Python runs this file"),
        ({"app.py": WRITES, "opt/python/start.pth": b""}, "Python runs this file"),
        ({"app.py": WRITES, "aioboto3.py": b""}, "name of the SDK"),
        ({"app.py": b"import tempfile\n" + WRITES, "random.py": b"exec('1')"}, "made at run time"),
        ({"app.py": WRITES, "opt/python/six.py": b"exec('1')"}, "made at run time"),
        (
            {
                "app.py": WRITES,
                "__pycache__/app.cpython-311.pyc": b"____\1\0\0\0",
                "__pycache__/app.cpython-312.pyc": b"____\0\0\0\0",
            },
            "compiled code too",
        ),
        (
            {
                "app.py": b"import sys, data\nsys.path.append('lib')\n" + WRITES,
                "data/a.json": b"",
                "lib/data.py": b"exec('1')",
            },
            "`sys.path",
        ),
        (
            {"app.py": b"from lib import *\n" + HANDLER, "lib/__init__.py": b"", "lib/a.py": b"("},
            "syntax",
        ),
    ],
)
def test_it_doubts_what_it_cannot_read(files: dict[str, bytes], reason: str) -> None:
    reading = read_python(files, "app.handler")
    assert any(each in reasons(reading) for each in reason.split("|")), reading.doubts


def test_the_sdk_in_the_package_is_named_and_not_read():
    sdk = {"boto3/__init__.py": b"__version__ = '1.34.1'\nimport anything\n"}
    reading = read_python({"app.py": WRITES, **sdk}, "app.handler")
    assert reading.sdk == ("boto3", "1.34.1")
    assert reading.is_complete


def test_a_distribution_that_is_known_is_not_read():
    files = {
        "app.py": b"import yaml\n" + HANDLER + b"    yaml.safe_load('')\n",
        "yaml/__init__.py": b"exec('')",
        "PyYAML-6.0.dist-info/RECORD": b"yaml/__init__.py,sha256=,8\n",
    }
    assert read_python(files, "app.handler").is_complete
    files["app.py"] = files["app.py"].replace(b"safe_load", b"unsafe_load")
    assert not read_python(files, "app.handler").is_complete


def test_what_the_sdk_needs_is_not_read_where_a_distribution_brought_it():
    files = {"app.py": WRITES, "six.py": b"exec('')", "data/x.pth": b"", "email/notes.txt": b""}
    assert not read_python(files, "app.handler").is_complete
    files["six-1.16.0.dist-info/top_level.txt"] = b"six\n"
    assert read_python(files, "app.handler").is_complete


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe\x00",
        b"(" * 50_000,
        b"a" + b"+a" * 9_000,
        b"-" * 30_000 + b"a",
        b"f" + b"()" * 15_000,
        b"if a: pass\n" + b"elif a: pass\n" * 9_000,
        b"lambda:" * 5_000 + b"1",
        b"x" + b" = x" * 3_000,
        b"".join(b"def f%d(a): return f%d(a)\n" % (n, n + 1) for n in range(500)),
        b"".join(b"class C%d(C%d, C%d): pass\n" % (n + 2, n + 1, n) for n in range(60)),
    ],
    ids=range(11),
)
def test_it_never_raises(source: bytes) -> None:
    read_python({"app.py": source + b"\n" + WRITES}, "app.handler")


def test_what_is_too_entangled_is_read_from_the_handler_on(monkeypatch):
    monkeypatch.setattr(solver, "MAX_WORK", 3_000)
    body = b"class C:\n    def __iter__(self): return [self, f(self), C()]\n"
    body += b"def f(x): return [x + [x], *x, {1: x}]\n" * 500
    reading = read_python(
        {"app.py": b"from more import *\n" + WRITES, "more.py": body}, "app.handler"
    )
    assert "one too many to be read" in reasons(reading)
    assert [call.operation for call in reading.calls] == ["PutObject"]


@pytest.mark.parametrize("name", ["yaml", "jinja2", "boto3", "attr"])
def test_a_real_distribution_takes_bounded_work_and_hides_no_call(name, monkeypatch):
    monkeypatch.setattr(solver, "MAX_WORK", 15_000)
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent
    files = {
        str(path.relative_to(folder.parent)): path.read_bytes() for path in folder.rglob("*.py")
    }
    reading = read_python({**files, "app.py": f"import {name}\n".encode() + WRITES}, "app.handler")
    assert [call.operation for call in reading.calls if call.is_reached] == ["PutObject"]
    assert reading.is_complete == (name == "boto3")
