"""What Node would load is what is read, wherever several files could be meant."""

from __future__ import annotations

import json

import pytest

from topology.evidence.code.javascript import read_javascript

pytest.importorskip("tree_sitter")

SENDS = b"fetch('https://sqs.eu-west-1.amazonaws.com');"
QUIET = b"exports.handler = async () => 1;"
MODULE = b"export const handler = async () => 1;"
X = "node_modules/x"


def exports(given: object, **more: object) -> bytes:
    return json.dumps({"exports": given, **more}).encode()


LOADED = {  # packages in which Node loads what sends, beside what looks as if it were meant
    "a folder before an ending": {"index.mjs": MODULE, "index/index.js": SENDS},
    "a folder's main": {
        "index.cjs": QUIET,
        "index/package.json": b'{"main": "a.js"}',
        "index/a.js": SENDS,
    },
    "no ending": {"index.js": b"require('./lib');", "lib": SENDS, "lib.js": b""},
    "a folder before .mjs": {
        "index.js": b"require('./lib');",
        "lib.mjs": b"",
        "lib/index.js": SENDS,
    },
    "a folder before .ts": {"index.js": b"require('./a.js');", "a.ts": b"", "a.js/index.js": SENDS},
    "a slash": {"index.js": b"require('./lib/');", "lib.js": b"", "lib/index.js": SENDS},
    "a folder's index before its main as compilers would": {
        "index.js": b"require('./lib');",
        "lib/package.json": b'{"main": "a"}',
        "lib/a.mjs": b"",
        "lib/index.js": SENDS,
    },
    "main without an ending": {
        "index.js": b"require('./lib');",
        "lib/package.json": b'{"main": "a"}',
        "lib/a": SENDS,
        "lib/a.js": b"",
    },
    "types by their name, of which nothing is kept": {
        "index.js": b"require('./a.d.ts');",
        "a.d.ts": b"",
    },
    "a name that is `type`": {"index.mjs": b"import type from'./a.mjs';" + MODULE, "a.mjs": SENDS},
    "exports before main": {
        "index.js": b"require('x');",
        f"{X}/package.json": exports("./b.js", main="a.js"),
        f"{X}/a.js": b"",
        f"{X}/b.js": SENDS,
    },
    "exports for import alone": {
        "index.mjs": b"import 'x';" + MODULE,
        f"{X}/package.json": exports({".": {"require": "./a.js", "import": "./b.mjs"}}),
        f"{X}/a.js": b"",
        f"{X}/b.mjs": SENDS,
    },
    "exports in their own order": {
        "index.js": b"require('x');",
        f"{X}/package.json": exports({"default": "./b.js", "node": "./a.js"}),
        f"{X}/a.js": b"",
        f"{X}/b.js": SENDS,
    },
    "exports of newer versions of Node": {
        "index.js": b"require('x');",
        f"{X}/package.json": exports({"module-sync": "./b.mjs", "default": "./a.js"}),
        f"{X}/a.js": b"",
        f"{X}/b.mjs": SENDS,
    },
    "exports of a path": {
        "index.js": b"require('x/a');",
        f"{X}/package.json": exports({"./a": "./b.js"}),
        f"{X}/a.js": b"",
        f"{X}/b.js": SENDS,
    },
    "a package's own name": {
        "index.mjs": b"import 'me/a';" + MODULE,
        "package.json": exports({"./a": "./b.mjs"}, name="me"),
        "b.mjs": SENDS,
        "node_modules/me/a.js": b"",
    },
    "a module with the name of Node's own and a slash": {
        "index.js": b"require('events/');",
        "node_modules/events/index.js": SENDS,
    },
    "below a name of Node's own": {
        "index.js": b"require('events/once');",
        "node_modules/events/once.js": SENDS,
    },
    "a layer for one version of Node": {
        "index.js": b"require('x');",
        "opt/nodejs/node_modules/x/index.js": b"",
        "opt/nodejs/node20/node_modules/x/index.js": SENDS,
    },
    "a layer's own module": {
        "index.js": b"require('y');",
        "node_modules/x/index.js": b"",
        "opt/nodejs/node_modules/y/index.js": b"require('x');",
        "opt/nodejs/node20/node_modules/x/index.js": SENDS,
    },
}


@pytest.mark.parametrize("name", LOADED)
def test_it_reads_what_node_loads(name: str) -> None:
    assert not read_javascript(LOADED[name], "index.handler").is_complete


def test_a_handlers_file_is_named_up_to_the_first_dot():
    files = {"app.js": SENDS, "app.prod.js": QUIET}
    assert not read_javascript(files, "app.prod.handler").is_complete
    nested = {"src.d/app.js": QUIET}
    assert read_javascript(nested, "src.d/app.handler").is_complete


def test_a_client_given_to_a_module_that_may_be_one_of_two_is_a_doubt():
    files = {
        "index.js": b"const { S3 } = require('@aws-sdk/client-s3'); const { keep } = require('x');"
        b"exports.handler = (e) => keep(new S3({}));",
        f"{X}/package.json": exports({"require": "./a.js", "import": "./b.mjs"}),
        f"{X}/a.js": b"exports.keep = (c) => 1;",
        f"{X}/b.mjs": b"export const keep = (c) => c.putObject({ Bucket: 'b', Key: 'k' });",
    }
    reading = read_javascript(files, "index.handler")
    assert reading.calls or not reading.is_complete


def test_a_library_in_two_forms_is_read_in_both_and_no_doubt():
    files = {
        "index.mjs": b"import { a } from 'x'; export const handler = async () => a();",
        f"{X}/package.json": exports({".": {"import": "./b.mjs", "require": "./a.js"}}),
        f"{X}/a.js": b"exports.a = () => 1;",
        f"{X}/b.mjs": b"export const a = () => 1;",
    }
    assert read_javascript(files, "index.handler").is_complete


def test_exports_of_many_paths_are_followed():
    files = {
        "index.js": b"require('x/a'); exports.handler = async () => 1;",
        f"{X}/package.json": exports({"./inner/*": None, "./*": ["./dist/*.js"]}),
        f"{X}/dist/a.js": b"",
    }
    assert read_javascript(files, "index.handler").is_complete
    assert not read_javascript({**files, f"{X}/dist/a.js": SENDS}, "index.handler").is_complete
