"""Read packages of several sizes apart: how long one takes, and what its process holds at most.

Run ``python -m tests.bench.bench_packages``. Each package is read in a process of its own, as a
crawl does it; seconds are the processor's, the memory is the largest that any had so far.
"""

from __future__ import annotations

import random
import resource
import zipfile
from collections.abc import Mapping
from tempfile import TemporaryFile

from topology.evidence.code.apart import UnreadError, read_apart
from topology.evidence.code.readers import Deployed

HANDLER = """
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const client = new S3Client({});
exports.handler = async (event) => {
  const key = event.Records[0].s3.object.key;
  await client.send(new PutObjectCommand({ Bucket: "out", Key: key.replace(".csv", ".json") }));
};
"""
MODULE = "exports.f{0} = (x) => {{ const y = x.value + {0}; return y > {0} ? y : null; }};\n"


def main() -> None:
    """Print a line per package."""
    for title, runtime, files in (
        ("one handler", "nodejs22.x", {"index.js": HANDLER}),
        ("handler and 200 modules it requires", "nodejs22.x", _modules(200, 100)),
        ("handler among 60 MB that nothing requires", "nodejs22.x", _vendored(60)),
        ("240 MB of classes, not parsed", "java21", _classes(240)),
    ):
        _measure(title, runtime, files)


def _measure(title: str, runtime: str, files: Mapping[str, bytes | str]) -> None:
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
            for path, content in files.items():
                zipped.writestr(path, content)
        size, before = file.tell() >> 20, _used().ru_utime
        try:
            facts = read_apart(file, [], Deployed(runtime, "index.handler"), "")
            told = f"{len(facts['calls'])} calls, {len(facts['doubts'])} doubts"
        except UnreadError as error:
            told = str(error)
    took, peak = _used().ru_utime - before, _used().ru_maxrss / 1024
    print(f"{title:<42} {size:>4} MB zipped {took:6.2f} s  {peak:4.0f} MB  {told}")


def _used() -> resource.struct_rusage:
    return resource.getrusage(resource.RUSAGE_CHILDREN)


def _modules(count: int, functions: int) -> Mapping[str, bytes | str]:
    source = "".join(MODULE.format(number) for number in range(functions))
    requires = "".join(f'require("./lib/m{number}.js");\n' for number in range(count))
    return {"index.js": requires + HANDLER, **{f"lib/m{n}.js": source for n in range(count)}}


def _vendored(megabytes: int) -> Mapping[str, bytes | str]:
    source = "".join(MODULE.format(number) for number in range(12_000))[: 1 << 20]
    folder = "node_modules/big/lib"
    return {"index.js": HANDLER, **{f"{folder}/m{n}.js": source for n in range(megabytes)}}


def _classes(megabytes: int) -> Mapping[str, bytes | str]:
    half = random.Random(1).randbytes(1 << 19) + b"software/amazon/awssdk/services/sqs/A"
    content = half + half
    return {f"com/acme/C{number}.class": content for number in range(megabytes - 1)}


if __name__ == "__main__":
    main()
