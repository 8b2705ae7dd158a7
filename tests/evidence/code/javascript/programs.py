"""Small programs that make a key of the event's key, put together at random of ``programs.txt``.

In the forms stand ``<x>`` for an expression inside, ``<e>`` for any, ``<w>`` for a name in use and
``<v>`` for a new one, ``<t>`` for a text, ``<s>`` for a separator, ``<r>`` for a regular
expression and ``<n>`` for a number.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

from tests.evidence.code.javascript.sections import sections

FORMS = sections(Path(__file__).parent / "programs.txt")
EXPRESSIONS, STATEMENTS, LAST = (
    # A separator that begins with === is none here: the forms are lines.
    FORMS[name].splitlines()
    for name in ("expressions", "statements", "last")
)
TEXTS = ("", "a", ".csv", "/", "in/", "out/", "..", ".", "a.b", "😀", "%2B", "é.CSV", "undefined")
SIGNS = ("/", ".", "a", ".csv", "in/", "-", "")
REGEXES = (
    r"/\.csv$/",
    r"/^in\//",
    r"/\./",
    r"/[a-c]/",
    r"/a/",
    r"/(.)(.)/",
    r"/\//",
    r"/$/",
    r"/x|y/",
)
# Only where they are called: of what nobody calls, nothing is known.
WRAPPERS = {
    " put(": "const put = (params) => s3.send(new PutObjectCommand(params));\n",
    " send(": 'const send = (key) => s3.send(new PutObjectCommand({ Bucket: "b", Key: key }));\n',
}
FRAME = """const path = require("path");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const s3 = new S3Client({});
<wrappers>exports.handler = async (event) => {
  const record = event.Records[0];
  const raw = record.s3.object.key;
  const key = decodeURIComponent(raw.replace(/\\+/g, " "));
  <body>
};
"""


def program(seed: int) -> str:
    """A function that puts objects under some keys, always the same for a seed."""
    chance = random.Random(seed)
    names = ["raw", "key"]
    body: list[str] = []
    for number in range(chance.randint(1, 3)):
        body.append(_statement(chance, chance.choice(STATEMENTS), names, f"v{number}"))
        names.append(f"v{number}")
    last = chance.choice(LAST) if chance.random() < 0.4 else LAST[0]
    body.append(_statement(chance, last, names, names[-1]))
    text = "\n  ".join(body)
    wrappers = "".join(line for call, line in WRAPPERS.items() if call in text)
    return FRAME.replace("<wrappers>", wrappers).replace("<body>", text)


def _statement(chance: random.Random, form: str, names: list[str], name: str) -> str:
    found = form.replace("<w>", chance.choice(names)).replace("<v>", name)
    while "<e>" in found:
        found = found.replace("<e>", _expression(chance, names, chance.randint(0, 2)), 1)
    return _filled(chance, found)


def _expression(chance: random.Random, names: list[str], depth: int) -> str:
    if not depth:
        return chance.choice([*names, *names, "key", _quoted(chance.choice(TEXTS))])
    form = _filled(chance, chance.choice(EXPRESSIONS))
    return form.replace("<x>", f"({_expression(chance, names, depth - 1)})")


def _filled(chance: random.Random, form: str) -> str:
    """A form with separators, texts, regular expressions and numbers in their places."""
    made: dict[str, Callable[[], str]] = {
        "<s>": lambda: _quoted(chance.choice(SIGNS)),
        "<t>": lambda: _quoted(chance.choice(TEXTS)),
        "<r>": lambda: chance.choice(REGEXES),
        "<n>": lambda: str(chance.randint(0, 4)),
    }
    return re.sub("<[strn]>", lambda found: made[found.group()](), form)


def _quoted(text: str) -> str:
    return f"'{text}'"
