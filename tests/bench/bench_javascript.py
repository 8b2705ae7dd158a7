"""Read the cases of JavaScript and TypeScript, and real bundles: what is found, how fast, how big.

Run ``python -m tests.bench.bench_javascript [FOLDER]``. Precision and recall are of calls with
their targets and keys, over every form of every case. A folder of bundles, made by ``npm install``
and ``esbuild --bundle --platform=node --external:@aws-sdk/*``, is read beside: nothing of it is in
the repository.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from tests.evidence.code.javascript.cases.case import Found
from tests.evidence.code.javascript.forms import CASES, ENDS, FORMS
from topology.evidence.code.javascript import read_javascript


def of_cases() -> None:
    """Precision, recall and handlers per second."""
    deployed = json.loads(FORMS.read_text())
    right = found = wanted = read = 0
    started = time.perf_counter()
    for case in CASES:
        for form, source in {"ts": case.source, **deployed[case.name]}.items():
            files = {f"index.{ENDS.get(form, 'js')}": source.encode()}
            calls = {
                Found(call.service, call.operation, call.target, call.key, call.fields)
                for call in read_javascript(files, "index.handler").calls
            }
            read += 1
            right += len(calls & set(case.calls))
            found += len(calls)
            wanted += len(case.calls)
    seconds = time.perf_counter() - started
    print(f"{read} handlers, {read / seconds:.0f} a second", end=", ")
    print(f"precision {right / found:.3f}, recall {right / wanted:.3f} of {wanted} calls, {peak()}")


def of_bundles(folder: Path) -> None:
    """One line for each bundle."""
    for file in sorted(folder.glob("*.js")):
        source = file.read_bytes()
        started = time.perf_counter()
        reading = read_javascript({"index.js": source}, "index.handler")
        seconds = time.perf_counter() - started
        told = "complete" if reading.is_complete else f"{len(reading.doubts)} doubts"
        size = f"{len(source) / 1e6:.2f} MB"
        print(f"{file.name:48} {size:>8} {seconds:6.1f} s  {len(reading.calls)} calls, {told}")
    print(peak())


def peak() -> str:
    """The most memory that was taken so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    of_cases()
    for name in sys.argv[1:]:
        of_bundles(Path(name))
