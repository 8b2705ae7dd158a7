"""Records what esbuild makes of the cases; run at a change of them, in a folder that has esbuild.

``python -m tests.evidence.code.javascript.record NODE_MODULES`` writes ``forms.json``: the types
taken out, bundled for Node with the SDK left outside as CDK and SAM do, and minified besides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.evidence.code.javascript.forms import CASES, FORMS

BUNDLE = (
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--external:@aws-sdk/*",
    "--external:@smithy/*",
    "--external:@aws-lambda-powertools/*",
    "--external:aws-sdk",
    "--external:aws-xray-sdk",
)
OPTIONS = {
    "plain": (),
    "bundled": BUNDLE,
    "minified": (*BUNDLE, "--minify"),
    "minified_module": (*BUNDLE, "--minify", "--format=esm"),
}


def main(modules: str) -> None:
    found: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            (Path(folder) / f"{case.name}.ts").write_text(case.source)
        for form, options in OPTIONS.items():
            out = Path(folder) / form
            sources = [f"{folder}/{case.name}.ts" for case in CASES]
            command = [f"{modules}/.bin/esbuild", *sources, f"--outdir={out}", *options]
            subprocess.run([*command, "--log-level=error"], check=True)
            for case in CASES:
                found.setdefault(case.name, {})[form] = (out / f"{case.name}.js").read_text()
    FORMS.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
