"""Whether AWS's recursion guard really covers a function, and where nobody guards a loop.

The guard counts passes in a header that the SDK hands on: an SDK too old drops it, and the count
starts anew. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from topology.graph import Resource
from topology.verdict import HARMLESS

if TYPE_CHECKING:
    from topology.analysis.loops import Loop

Version: TypeAlias = tuple[int, ...]

# "Supported AWS SDKs" of the page above; of Java the runtime decides, where it is known.
LEAST: Mapping[str, Version] = {
    "boto3": (1, 24, 46),
    "botocore": (1, 27, 46),
    "javascript 2": (2, 1147, 0),
    "javascript 3": (3, 105, 0),
    "java": (2, 17, 135),
    "java17": (2, 20, 81),
    "java21": (2, 21, 24),
    "dotnet": (3, 7, 293, 0),
    "ruby": (3, 134, 0),
    "php": (3, 232, 0),
}
# Of Go the page says "V2 SDK 1.57.0", which no module of that SDK is called by: told, not decided.
# Runtimes that bring an SDK and were given up before June 2022, when the first of these came out:
# https://docs.aws.amazon.com/lambda/latest/dg/runtime-support-policy.html
GIVEN_UP = (
    *("nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x"),
    *("python2.7", "ruby2.5"),
)
BRING_ONE = ("nodejs", "python", "ruby")
# Commercial Regions where Lambda does not look for recursive loops.
WITHOUT = {"mx-central-1": "Mexico (Central)", "ap-southeast-6": "Asia Pacific (New Zealand)"}
NUMBERS = re.compile(r"v?(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether the guard can follow what a function writes: None where that is not known."""

    covers: bool | None
    because: str


class Unguarded(StrEnum):
    """What leaves a loop, or a function, without AWS's guard."""

    ALLOWED_ON_LOOP = "allowed-on-loop"
    UNSEEN = "unseen"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class ProtectionGap:
    """A function or loop that AWS's guard would not stop; ``loops`` are fingerprints."""

    kind: Unguarded
    subject: str
    because: str
    loops: tuple[str, ...] = ()


def cover(function: Resource) -> Cover:
    """Whether the SDK of a function hands the guard's count on, as far as its code was read."""
    name = f"function {function.name}"
    if function.region in WITHOUT:
        where = WITHOUT[function.region]
        return Cover(
            False, f"Lambda does not look for recursive loops in {where}, where {name} is."
        )
    runtime = str(function.attributes.get("runtime") or "")
    code = function.attributes.get("code")
    if not isinstance(code, Mapping):
        old = f" Its runtime, {runtime}, brings none that is." if runtime in GIVEN_UP else ""
        return Cover(
            None,
            f"The code of {name} was not read, so whether its SDK is recent enough "
            f"is not known.{old}",
        )
    sdk, version = ([str(each or "") for each in code.get("sdk") or ()] + ["", ""])[:2]
    if not sdk:
        return _of_the_runtime(name, runtime)
    least = LEAST.get(_family(sdk, version, runtime))
    found = NUMBERS.match(version)
    if least is None or found is None:
        return Cover(
            None,
            f"Whether the SDK in {name}, {sdk} {version}".rstrip()
            + ", is recent enough is not known.",
        )
    needed = ".".join(map(str, least))
    has = tuple(map(int, found[1].split(".")))
    if has < least and has != least[: len(has)]:
        return Cover(
            False,
            f"The package of {name} brings {sdk} {version}, and AWS's recursion "
            f"guard needs {needed}: what it writes is not counted.",
        )
    if has < least:
        return Cover(
            None,
            f"The package of {name} brings {sdk} {version}, and AWS's recursion "
            f"guard needs {needed}: not told exactly enough.",
        )
    return Cover(True, f"The package of {name} brings {sdk} {version}; {needed} is enough.")


def protection_gaps(
    loops: Sequence[Loop], resources: Mapping[str, Resource]
) -> tuple[ProtectionGap, ...]:
    """What AWS's guard would not stop: allowed on a loop, loops it cannot see, allowed on none.

    A function's switch is known where it may lie on a loop: only there it is asked for.
    """
    found = [*_allowed(loops, resources), *_unseen(loops, resources)]
    order = list(Unguarded)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.subject)))


def _allowed(loops: Iterable[Loop], resources: Mapping[str, Resource]) -> Iterator[ProtectionGap]:
    through: dict[str, list[str]] = {}
    for loop in loops:
        if loop.verdict not in HARMLESS:
            for arn in {hop.edge.source for hop in loop.hops}:
                through.setdefault(arn, []).append(loop.fingerprint)
    for arn, resource in resources.items():
        if resource.attributes.get("recursive_loop") != "Allow":
            continue
        on = tuple(through.get(arn, ()))
        name = f"Function {resource.name}"
        if on:
            yield ProtectionGap(
                Unguarded.ALLOWED_ON_LOOP,
                arn,
                f"{name} is set to RecursiveLoop = Allow and lies on "
                f"{len(on)} listed loop{'s' if len(on) > 1 else ''}: AWS will not stop it.",
                on,
            )
        else:
            yield ProtectionGap(
                Unguarded.ALLOWED,
                arn,
                f"{name} is set to RecursiveLoop = Allow and lies on no listed loop that goes "
                "round: setting it back costs nothing today and stops tomorrow's.",
            )


def _unseen(loops: Iterable[Loop], resources: Mapping[str, Resource]) -> Iterator[ProtectionGap]:
    for loop in loops:
        on_the_way = [resources[hop.edge.source] for hop in loop.hops]
        is_allowed = any(each.attributes.get("recursive_loop") == "Allow" for each in on_the_way)
        if loop.verdict not in HARMLESS and not loop.guard.covered and not is_allowed:
            yield ProtectionGap(
                Unguarded.UNSEEN, loop.title, loop.guard.because, (loop.fingerprint,)
            )


def _of_the_runtime(name: str, runtime: str) -> Cover:
    if runtime in GIVEN_UP:
        return Cover(
            False,
            f"The runtime of {name}, {runtime}, was given up before AWS's recursion "
            "guard came, and its package brings no newer SDK: what it writes is not "
            "counted.",
        )
    if runtime.startswith(BRING_ONE):
        return Cover(
            None,
            f"The package of {name} brings no SDK; that of its runtime, {runtime}, "
            "is kept recent by AWS, unless its updates are held back.",
        )
    return Cover(None, f"No SDK was found in the package of {name}.")


def _family(sdk: str, version: str, runtime: str) -> str:
    """Which row of ``LEAST`` an SDK belongs to; empty where it is none of them."""
    name = sdk.lower()
    if name in ("boto3", "botocore"):
        return name
    if runtime.startswith("nodejs") or name.startswith("@aws-sdk/") or name == "aws-sdk":
        major = NUMBERS.match(version)
        return f"javascript {major[1].partition('.')[0]}" if major else ""
    if runtime.startswith("java"):
        return runtime if runtime in LEAST else "java"
    return next((each for each in ("dotnet", "ruby", "php") if runtime.startswith(each)), "")
