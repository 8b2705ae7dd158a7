"""How a function's code is deployed: all that a reading of it depends on.

Sources: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html,
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
"""

from __future__ import annotations

import re
from typing import Any

from topology.catalog.service import Call, Item

# Variables with which something else runs than the package's own code alone.
STEERING = (
    "AWS_CONFIG_FILE",  # which may name programs that bring credentials
    "AWS_DATA_PATH",
    "AWS_LAMBDA_EXEC_WRAPPER",
    "BOTOCORE_EXPERIMENTAL__PLUGINS",
    "DOTNET_STARTUP_HOOKS",
    "GEM_PATH",
    "JAVA_TOOL_OPTIONS",
    "LD_AUDIT",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "NODE_OPTIONS",
    "NODE_PATH",
    "OPENSSL_CONF",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUSERBASE",
    "PYTHONWARNINGS",  # which imports the categories that it names
    "RUBYLIB",
    "RUBYOPT",
)
UNREADABLE = "*"  # as the name of a variable: there may be any
# Values of them that many set and that change nothing.
HARMLESS = re.compile(r"(--(enable-source-maps|max-old-space-size=\d+|no-deprecation)\s*)+|\s*")

NEWEST = "$LATEST"

PARSED = ("javascript", "typescript", "python")  # whose calls are followed, not only named
LANGUAGES = {
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "python": "Python",
    "java": "Java",
    "dotnet": ".NET",
    "go": "Go",
    "rust": "Rust",
    "ruby": "Ruby",
    "php": "PHP",
}

# Asked for evidence alone, so no crawl plans them (``catalog/policy.py`` has their permissions).
package = Call("get_function")
layer = Call("get_layer_version_by_arn", action="lambda:GetLayerVersion")


def deployed(item: Item) -> dict[str, Any]:
    """The facts of a function's configuration that a reading depends on; empty ones left out."""
    environment = item.get("Environment", {})
    variables = environment.get("Variables", {})
    facts = {
        "code_sha256": item.get("CodeSha256"),
        "handler": item.get("Handler"),
        "layers": [each["Arn"] for each in item.get("Layers", ())],
        "steered_by": [
            name
            for name in STEERING
            if name in variables and not HARMLESS.fullmatch(variables[name])
        ]
        + ([UNREADABLE] if "Error" in environment else []),
    }
    return {name: value for name, value in facts.items() if value}


def alike(item: Item, other: Item) -> bool:
    """Whether what a package's hash does not tell is the same of two versions."""
    return _beside(item) == _beside(other) and "Error" not in item.get("Environment", {})


def _beside(item: Item) -> tuple[object, ...]:
    """Compared in memory only: values of variables are in it."""
    variables = item.get("Environment", {}).get("Variables", {})
    layers = [each["Arn"] for each in item.get("Layers", ())]
    return item.get("Runtime"), item.get("Handler"), layers, variables
