"""Reads the code of a function in Python: its calls of AWS, and its doubts.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from topology.evidence.code.python import entries, package
from topology.evidence.code.python.flow import Flow
from topology.evidence.code.python.objects import Cls, Inst, Mod, Super
from topology.evidence.code.python.package import Package
from topology.evidence.code.python.requests import DISTINCT, Requests
from topology.evidence.code.python.solver import TooMuchError
from topology.evidence.code.python.texts import Texts
from topology.evidence.code.reading import CodeCall, Doubt, Reading

MAX_DOUBTS = 100
SIZES = (400_000, 40_000, 0)  # bytes of source beside the handler's file; less if too entangled
FAILURES = (RecursionError, MemoryError, ValueError, LookupError, TypeError, AttributeError)
NOT_FOUND = "The handler's file is not in the package."
UNFOLLOWED = "This calls `{}` of something that is not followed."


def read_python(files: Mapping[str, bytes], handler: str) -> Reading:
    """What the code in a package (path to bytes) does with AWS from a ``handler`` on.

    Nothing is executed and nothing raised: what cannot be read is a doubt.
    """
    count = sum(path.endswith(".py") for path in files)
    for most in SIZES:
        try:
            return _read(files, handler, count, most)
        except TooMuchError:
            reason = "The code is too large or too entangled to be followed."
        except FAILURES as error:
            reason = f"The code could not be followed ({type(error).__name__})."
    return Reading("python", count, doubts=(Doubt("", 0, reason),))


def _read(files: Mapping[str, bytes], handler: str, count: int, most: int) -> Reading:
    path, _, name = handler.rpartition(".")
    start = path.replace("/", ".")
    held = Package(files, most)
    if held.file(start):
        held.reach(start)
    else:
        held.doubts.append(Doubt("", 0, NOT_FOUND))
    reached = frozenset(held.modules)
    found = list(held.doubts)
    for other in package.own(files):
        held.reach(other)
    if held.file(start) and start not in reached:
        return Reading("python", count, doubts=tuple(found), sdk=held.sdk)
    flow = Flow()
    flow.read(held.modules, held.meant)
    started = entries.find(flow, start, name)
    if not started:
        found.append(Doubt(held.file(start), 0, "The handler is not found in its file."))
    texts = Texts(flow, started)
    calls = set(Requests(flow, texts).calls(reached))
    _unfollowed(flow)
    paths = {held.modules[each].path for each in reached}
    found += [Doubt(*each) for each in flow.doubts if not each[0] or each[0] in paths]
    unique = sorted(set(found), key=lambda doubt: (doubt.file, doubt.line, doubt.reason))
    return Reading(
        "python",
        count,
        tuple(sorted(calls, key=_place)),
        tuple(unique[:MAX_DOUBTS]),
        _uses(held, reached),
        held.sdk,
    )


def _place(call: CodeCall) -> tuple[str, int, str, str, str]:
    return call.file, call.line, call.service, call.operation, repr(call)


def _unfollowed(flow: Flow) -> None:
    """A second net: operations of AWS that are named on what nothing is known of."""
    for base, name, node, scope in flow.loads:
        held = flow.values[base]
        is_own = any(isinstance(value, (Inst, Cls, Mod, Super)) for value in held)
        if name in DISTINCT and node not in flow.asked and not is_own:
            flow.doubt(node, scope, UNFOLLOWED.format(name))


def _uses(held: Package, reached: frozenset[str]) -> tuple[str, ...]:
    """What keeps the code from doing the same twice, or does part of a batch again."""
    found = set()
    for name in reached:
        for node in ast.walk(held.modules[name].tree):
            match node:
                case ast.ImportFrom(module=str(module), names=names):
                    given = {alias.name for alias in names}
                    if module.startswith("aws_lambda_powertools.utilities.idempotency"):
                        found.add("idempotency")
                    elif module.startswith("aws_lambda_powertools.utilities.batch"):
                        found.add("batch")
                    elif module == "aws_lambda_powertools.utilities":
                        found |= given & {"idempotency", "batch"}
                case ast.Constant(value="batchItemFailures"):
                    found.add("batch")
    return tuple(sorted(found))
