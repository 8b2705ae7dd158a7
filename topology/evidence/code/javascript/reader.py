"""Reads the code of a function in JavaScript or TypeScript: its calls of AWS, and its doubts.

Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
"""

from __future__ import annotations

from collections.abc import Mapping

from topology.catalog.sdk_calls import READS
from topology.evidence.code.javascript import powers
from topology.evidence.code.javascript.expressions import member_name, unwrapped
from topology.evidence.code.javascript.flow import Flow
from topology.evidence.code.javascript.imports import arguments
from topology.evidence.code.javascript.index import Index
from topology.evidence.code.javascript.package import Package
from topology.evidence.code.javascript.requests import calls_of
from topology.evidence.code.javascript.resolving import ENDINGS
from topology.evidence.code.javascript.syntax import FUNCTIONS, Node
from topology.evidence.code.javascript.values import Values
from topology.evidence.code.reading import CodeCall, Doubt, Reading

MAX_DOUBTS = 100
STARTS = (".js", ".mjs", ".cjs")  # in the order in which Lambda looks
WRAPPERS = frozenset({"streamifyResponse"})
SDKS = ("aws-sdk", "@aws-sdk/client-s3")


def read(files: Mapping[str, bytes], handler: str) -> Reading:
    """What the code of a package does with AWS; see ``Reading``. Never raises."""
    language = "typescript" if any(p.endswith((".ts", ".mts")) for p in files) else "javascript"
    count = sum(path.endswith(ENDINGS) for path in files)
    try:
        return _read(files, handler, language, count)
    except (RecursionError, MemoryError, AssertionError, ValueError, LookupError) as error:
        doubt = Doubt("", 0, f"The code could not be followed ({type(error).__name__}).")
        return Reading(language, count, doubts=(doubt,))


def _read(files: Mapping[str, bytes], handler: str, language: str, count: int) -> Reading:
    package = Package(files)
    start, name = _started(package, handler)
    reached = _opened(package, start)
    modules = [package.modules[one] for one in sorted(package.modules)]
    index = Index(package, modules)
    flow = Flow(index)
    flow.run(modules)
    requests = list(flow.met.requests.values())
    values = Values(index, _handler(index, start, name), {each.call for each in requests})
    calls: set[CodeCall] = set()
    for request in requests:
        if not READS.match(request.operation):
            calls.update(calls_of(request, values, request.node.module.path in reached))
    doubts = [doubt for doubt in package.doubts if not doubt.file or doubt.file in reached]
    doubts += [
        Doubt(node.module.path, node.line, reason)
        for node, reason in flow.met.doubts
        if node.module.path in reached
    ]
    for module in modules:
        if module.path in reached:
            doubts += powers.doubts_of(module)
    unique = sorted(set(doubts), key=lambda doubt: (doubt.file, doubt.line, doubt.reason))
    return Reading(
        language,
        count,
        tuple(sorted(calls, key=lambda c: (c.file, c.line, c.service, c.operation, repr(c)))),
        tuple(unique[:MAX_DOUBTS]),
        _uses(package),
        _sdk(package),
    )


def _started(package: Package, handler: str) -> tuple[str | None, str]:
    """The handler's file, and its name there: what follows the first dot of the last part."""
    folder, slash, last = handler.rpartition("/")
    stem, _, name = last.partition(".")
    path = f"{folder}{slash}{stem}"
    start = next((path + end for end in (*STARTS, *ENDINGS) if path + end in package.files), None)
    if path in package.files:  # Lambda looks for it first; it is no source by its name
        package.doubts.append(Doubt("", 0, "The handler's file has no ending, and was not read."))
    elif f"{path}.js" != start and any(each.startswith(f"{path}/") for each in package.files):
        reason = "A folder has the name of the handler's file, and may be what is loaded."
        package.doubts.append(Doubt("", 0, reason))
    return start, name


def _opened(package: Package, start: str | None) -> set[str]:
    """Parse the modules of a package; those that the handler's imports, all where it is missing.

    What else was written by hand is parsed too: its calls are told as calls that are not reached.
    """
    if start is None:
        package.doubts.append(Doubt("", 0, "The handler's file is not in the package."))
    else:
        package.reach(start)
    package.doubt_programs()
    reached = {*package.modules, *(doubt.file for doubt in package.doubts)}
    for other in sorted(package.files):
        is_own = other.endswith(ENDINGS) and "node_modules/" not in other
        if is_own and other not in reached and not other.endswith((".d.ts", ".d.mts", ".min.js")):
            package.load(other)
    return {*package.modules} if start is None else reached


def _handler(index: Index, start: str | None, name: str) -> Node | None:
    """The function that gets the event, where it is found and nothing unknown is around it."""
    for node in index.exports.get(start or "", {}).get(name, ()):
        now = unwrapped(node)
        for _ in range(4):
            if now is None or now.kind in FUNCTIONS:
                break
            if now.kind in ("identifier", "shorthand_property_identifier"):
                binding = now.scope.find(now.text)
                plain = binding is not None and not binding.assigned and not binding.path
                now = unwrapped(binding.node) if binding is not None and plain else None
            elif now.kind == "call_expression":
                callee = now.get("function")
                is_known = callee is not None and member_name(callee) in WRAPPERS
                now = unwrapped(arguments(now)[0]) if is_known and arguments(now) else None
            else:
                now = None
        if now is not None and now.kind in FUNCTIONS:
            return now
    return None


def _uses(package: Package) -> tuple[str, ...]:
    found = {
        use
        for use in ("batch", "idempotency")
        for name in package.imported
        if name.startswith(f"@aws-lambda-powertools/{use}")
    }
    return tuple(sorted(found))


def _sdk(package: Package) -> tuple[str, str]:
    for root in ("node_modules", "opt/nodejs/node_modules"):
        for path in sorted(package.files):
            name = path.removeprefix(f"{root}/").removesuffix("/package.json")
            if path == f"{root}/{name}/package.json" and (
                name == "aws-sdk" or name.startswith("@aws-sdk/client-")
            ):
                version = package.resolver.manifest(f"{root}/{name}").get("version")
                return name, version if isinstance(version, str) else ""
    return "", ""
