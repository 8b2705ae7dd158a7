"""Reading never raises, ends in time, and doubts what it could not read."""

from __future__ import annotations

import time

import pytest

from topology.evidence.code.javascript import package, read_javascript
from topology.evidence.code.reading import Reading

pytest.importorskip("tree_sitter")

SECONDS = 60  # far more than any takes on a machine of its own
PUT = b'import {S3Client,PutObjectCommand as P} from "@aws-sdk/client-s3";const s=new S3Client({});'
HOSTILE = {
    "a line of 10 MB": b"var a='" + b"x" * 10_000_000 + b"';",
    "brackets": b"[" * 50_000,
    "closed brackets": b"(" * 20_000 + b"1" + b")" * 20_000,
    "templates in templates": b"`${" * 20_000,
    "a template without an end": b"export const handler = () => `" + b"a" * 500_000,
    "a long sum": b"export const handler = () => " + b"a+" * 50_000 + b"a",
    "a long chain": b"export const handler = () => a" + b".b()" * 30_000,
    "null bytes": b"export const handler = () => 1;" + b"\0" * 10_000,
    "no text": bytes(range(256)) * 500,
    "half a character": b'export const handler = () => "\xf0\x9f' + b'";\xff',
    "strings without an end": b"'\n" * 50_000,
    "many branches": b"if(a){}else " * 20_000 + b"{}",
    "one name for all": PUT + b"function f(a){f(a)}" * 5_000,
    "many commands": PUT + b"s.send(new P({Key:a+b}));" * 5_000,
    "many imports": b"import {a} from 'x';" * 5_000,
    "syntax of tomorrow": b"export const handler = (e) => e |> send(%) satisfies match (e) {};",
    "nothing": b"",
}


def read(source: bytes) -> Reading:
    return read_javascript({"index.mjs": source}, "index.handler")


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_in_time_whatever_it_is_given(name: str) -> None:
    started = time.monotonic()
    reading = read(HOSTILE[name])
    assert time.monotonic() - started < SECONDS
    assert reading.files == 1
    assert len(reading.doubts) <= 100


@pytest.mark.parametrize("name", ["a line of 10 MB", "closed brackets", "a long sum", "null bytes"])
def test_what_is_not_read_is_a_doubt(name: str) -> None:
    assert not read(HOSTILE[name]).is_complete


def test_it_doubts_a_package_without_the_handlers_file():
    assert not read_javascript({}, "index.handler").is_complete


def test_it_reads_no_more_of_a_package_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_NODES", 10_000)
    huge = b"export const handler = () => [" + b"1," * 10_000 + b"]"
    many = {f"m{n}.mjs": b"export const a=[" + b"1," * 2_000 + b"];" for n in range(10)}
    first = b"".join(b"import './%s';" % name.encode() for name in many)
    for files in ({"index.mjs": huge}, {"index.mjs": first, **many}):
        reading = read_javascript(files, "index.handler")
        assert any("too large" in doubt.reason for doubt in reading.doubts)


@pytest.mark.parametrize(
    "beside",
    [
        {"opt/extensions/agent": b"\x7fELF"},
        {"opt/wrapper": b"#!/bin/sh\nexec aws s3 cp a b"},
    ],
)
def test_a_program_beside_the_function_is_a_doubt(beside: dict[str, bytes]) -> None:
    files = {"index.mjs": b"export const handler = () => 1;", **beside}
    assert not read_javascript(files, "index.handler").is_complete


def test_it_doubts_a_handler_whose_file_has_no_ending():
    files = {"index": b"", "index.mjs": b"export const handler = () => 1;"}
    assert not read_javascript(files, "index.handler").is_complete


def test_it_says_which_conditions_on_the_event_come_before_a_call():
    source = (
        PUT
        + b"""
export const handler = async (event) => {
  const key = event.Records[0].s3.object.key;
  if (!key.endsWith(".csv")) return;
  if (key.startsWith("in/")) await s.send(new P({ Bucket: "b", Key: key }));
};"""
    )
    (call,) = read(source).calls
    asked = "the event's `Records.*.s3.object.key`"
    assert call.guarded == (
        f'on whether {asked} starts with "in/", index.mjs:5; '
        f'on whether {asked} ends with ".csv", index.mjs:4'
    )


def test_what_a_call_itself_decides_guards_nothing():
    source = (
        PUT
        + b"""
export const handler = async (event) => {
  if (process.env.DEBUG === "1") console.log(event);
  await s.send(new P({ Bucket: "b", Key: "k" }));
};"""
    )
    (call,) = read(source).calls
    assert call.guarded == ""


def test_a_module_that_the_handler_does_not_reach_is_told_apart():
    files = {
        "index.mjs": b"export const handler = () => 1;",
        "tool.mjs": PUT + b"s.send(new P({ Bucket: 'b', Key: 'k' })); fetch('x');",
    }
    reading = read_javascript(files, "index.handler")
    assert reading.is_complete
    assert [call.is_reached for call in reading.calls] == [False]


@pytest.mark.parametrize(
    "source",
    [
        b"import process from 'node:process'; export const handler = () => process.env.A;",
        b"import { env } from 'process'; export const handler = () => env.A;",
        b"const p = __toESM(require('process')); "
        b"function __toESM(m) { return m.__esModule ? m : m; }"
        b"exports.handler = () => p.default.env.A;",
        b"const env = require('process').env; exports.handler = function () { arguments[0]; };",
    ],
)
def test_what_is_plainly_taken_of_a_program_and_its_arguments_is_no_doubt(source: bytes) -> None:
    name = "index.mjs" if source.startswith(b"import") else "index.js"
    assert read_javascript({name: source}, "index.handler").is_complete
