"""A reading that is complete holds every call that a program makes, as it is seen to run."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.code.python.running import KEY, Called, called_by
from topology.catalog.sdk_calls import READS
from topology.evidence.code.python import read_python
from topology.evidence.code.python.requests import TRANSFERS, operation_of
from topology.evidence.code.reading import Reading
from topology.sets import strings
from topology.sets.made import made

EVASIONS = {
    name.strip(): body
    for name, _, body in (
        part.partition("\n")
        for part in (Path(__file__).parent / "evasions.txt").read_text().split("=== ")[1:]
    )
}
# Ways of handing a client on: what it is called before is A, after that B.
WAYS = """
B = A
B, _ = A, 1
B = [1, A][1]
B = [A, 1][0]
(B,) = (A,)
_, *B = 1, A; B = B[0]
B = {"k": A}["k"]
B = {"k": A}.get("k")
B = dict(k=A)["k"]
B = [x for x in [A]][0]
B = next(x for x in (A,))
B = {1: x for x in [A]}; B = B.popitem()[0] or A
B = (lambda: A)()
B = (lambda x: x)(A)
B = (lambda *x, **y: y["k"])(1, k=A)
B = (lambda x=A: x)()
B = None or A
B = A if A else None
B = [A]; B += [1]; B = B[-2]
B = []; B.append(A); B = B.pop()
B = {}; B["k"] = A; B = [*B.values()][0]
B = {}; B.setdefault("k", A); B = B["k"]
B = {**{"k": A}}["k"]
B = max([A], key=id)
B = sorted([A], key=id)[0]
B = list(map(lambda x: x, [A]))[0]
B = list(zip([A], [1]))[0][0]
B = list(filter(None, [A]))[0]
B = list(enumerate([A]))[0][1]
B = functools.partial(lambda x: x, A)()
B = functools.reduce(lambda x, y: y, [1, A])
B = copy.copy(Box(A)).held
B = Box(A).held
B = Box(A).get()
B = Box(A)()
B = Box(A)["k"]
B = list(Box(A))[0]
B = Box(A) + 1
B = Box(A).prop
B = Box.of(A).held
B = Sub(A).held
B = getattr(Box(A), "held")
B = Sub(A).get()
B = Data(A).held
B = given(A)
B = given(k=A)
B = given(*[A])
B = given(**{"k": A})
B = list(yielding(A))[0]
B = outer(A)()
B = wrapped(A)
B = Box(A); B.other = B.held; B = B.other
B = types.SimpleNamespace(k=A).k
B = collections.deque([A]).pop()
B = collections.namedtuple("T", "k")(A).k
B = contextlib.closing(A).thing
with opened(A) as B: pass
for B in (A,): pass
global g; g = A; B = taken()
match A: | case B: pass
match [1, A]: | case [_, B]: pass
match {"k": A}: | case {"k": B}: pass
match Box(A): | case Box(held=B): pass
try: raise Carrier(A) | except Carrier as c: B = c.thing
try: raise ValueError(A) | except ValueError as c: B = c.args[0]
if (B := A): pass
while True: B = A; break
"""
HELD = """
import boto3, collections, contextlib, copy, dataclasses, functools, types

class Box:
    def __init__(self, held): self.held = held
    def get(self): return self.held
    def __call__(self): return self.held
    def __getitem__(self, key): return self.held
    def __iter__(self): yield self.held
    def __add__(self, other): return self.held
    @property
    def prop(self): return self.held
    @classmethod
    def of(cls, held): return cls(held)

class Sub(Box):
    def __init__(self, held): super().__init__(held)
    def get(self): return super().get()

@dataclasses.dataclass
class Data:
    held: object

class Carrier(Exception):
    def __init__(self, thing): self.thing = thing

def given(k): return k
def yielding(k): yield k
def outer(k):
    def inner(): return k
    return inner
def through(function):
    @functools.wraps(function)
    def inner(*a, **k): return function(*a, **k)
    return inner
@through
def wrapped(k): return k
@contextlib.contextmanager
def opened(k): yield k
def taken(): return g
"""
# What is made of a text on the way to a key.
TEXTS = """
X.replace(".csv", ".json")
X.replace("a", "")
X.replace(".csv", ".json", 1)
X + ".x"
"out/" + X
f"o/{X}"
"%s-" % X
"{}/{}".format("a", X)
X.split("/")[-1]
X.split("/")[0]
X.rsplit(".", 1)[0]
X.rsplit("/", 1)[-1]
X.partition("/")[2]
X.rpartition("/")[0]
X.removesuffix(".csv")
X.removeprefix("in/")
X.lower()
X.upper()
X[:-4]
X[3:]
X.strip()
os.path.basename(X)
os.path.dirname(X)
os.path.splitext(X)[0]
os.path.splitext(X)[1]
os.path.join("o", X)
os.path.join(X, "p")
re.sub(r"\\.csv$", ".json", X)
re.sub("^in/", "", X)
re.sub("a", "b", X)
str(pathlib.PurePosixPath(X).with_suffix(".j"))
pathlib.PurePosixPath(X).stem
pathlib.PurePosixPath(X).name
str(pathlib.PurePosixPath("o") / pathlib.PurePosixPath(X).name)
urllib.parse.unquote_plus(X)
"-".join(X.split("/"))
"/".join(X.split("/")[:-1])
(X if event else "n")
(X or "n")
(lambda y: y + "z")(X)
changed(X)
"""


def _missed(called: Called, reading: Reading) -> set[tuple[str, str]]:
    found = {(call.service, call.operation) for call in reading.calls}
    names = {("s3", method): operation for method, (operation, _) in TRANSFERS.items()}
    made_here = {(s, names.get((s, method)) or operation_of(method)) for s, method, _ in called}
    return {each for each in made_here if not READS.match(each[1])} - found


def _published(body: str) -> str:
    """The same with an operation whose name tells nothing: many other things are published."""
    body = re.sub(r'put_object\(Bucket="b", Key=[^)]*\)', 'publish(TopicArn="t")', body)
    return body.replace("put_object", "publish").replace('"s3"', '"sns"')


@pytest.mark.parametrize("change", [str, _published], ids=["put_object", "publish"])
def test_it_finds_calls_that_are_easy_to_miss_or_doubts(change: Callable[[str], str]) -> None:
    bodies = {name: change(body) for name, body in EVASIONS.items() if "boto3" in body}
    for (name, body), called in zip(bodies.items(), called_by([*bodies.values()]), strict=True):
        reading = read_python({"app.py": body.encode()}, "app.handler")
        assert not reading.is_complete or not _missed(called, reading), name


@pytest.mark.parametrize("name", sorted(n for n, body in EVASIONS.items() if "boto3" not in body))
def test_it_doubts_what_reaches_out_without_the_sdk(name: str) -> None:
    assert not read_python({"app.py": EVASIONS[name].encode()}, "app.handler").is_complete


def _program(rng: random.Random) -> str:
    """A program that hands a client on in a few ways and puts an object under a key of its own."""
    ways = WAYS.strip().splitlines()
    lines = ['v0 = boto3.client("s3")']
    steps = rng.randint(1, 4)
    for step in range(steps):
        way = rng.choice(ways).replace("A", f"v{step}").replace("B", f"v{step + 1}")
        way = way.replace(f"v{step + 1}ox", "Box")
        if way.startswith("match"):
            subject, _, case = way.partition(" | ")
            lines += [subject, f"    {case}"]
        elif way.startswith("try"):
            lines += way.split(" | ")
        else:
            lines.append(way)
    key = 'event["Records"][0]["s3"]["object"]["key"]'
    lines.append(f"key = {key}")
    for text in rng.choices(TEXTS.strip().splitlines(), k=rng.randint(0, 3)):
        lines.append(f"key = {text.replace('X', 'key')}")
    lines.append(f'v{steps}.put_object(Bucket="b", Key=key)')
    imports = "import os, os.path, pathlib, re, urllib.parse\n"
    helper = 'def changed(text):\n    return text + "c" if text else "d"\n'
    body = "".join(f"    {line}\n" for line in lines)
    return f"{imports}{HELD}\n{helper}\ndef handler(event, context):\n{body}"


def test_it_finds_what_programs_made_at_random_call_and_the_keys_they_make():
    rng = random.Random(20)
    programs = [_program(rng) for _ in range(120)]
    ran = complete = told = 0
    for program, called in zip(programs, called_by(programs), strict=True):
        reading = read_python({"app.py": program.encode()}, "app.handler")
        assert not reading.is_complete or not _missed(called, reading), program
        ran += bool(called)
        complete += bool(called) and reading.is_complete
        for _, _, key in called:
            keys = strings.union(
                made(call.key, lambda _: strings.literal(KEY), lambda _: strings.ANY)
                for call in reading.calls
                if call.key is not None
            )
            assert not reading.is_complete or key in keys, program
            told += keys != strings.ANY
    assert ran > 100  # the programs do run
    assert complete > 90  # and are understood
    assert told > 50
