"""How AWS compares texts: wildcards, and characters in either case.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def _literals(pattern: str) -> tuple[str, ...]:
    r"""The characters between the stars of a wildcard: ``a\**z`` gives ``("a*", "z")``."""
    runs = [""]
    for character in re.findall(r"\\.|.", pattern, re.DOTALL):
        if character == "*":
            runs.append("")
        else:
            runs[-1] += character[-1]
    return tuple(runs)


def fits(pattern: str, value: str) -> bool:
    r"""Whether a pattern with ``*`` for any run of characters matches the whole value.

    ``\*`` and ``\\`` are a star and a backslash. Taking the leftmost place for each run of
    characters leaves most room for the next: linear, where a regular expression may try every
    split.
    """
    first, *between = _literals(pattern)
    if not between:
        return value == first
    last = between.pop()
    if len(value) < len(first) + len(last) or not value.startswith(first):
        return False
    if not value.endswith(last):
        return False
    place, end = len(first), len(value) - len(last)
    for run in between:
        found = value.find(run, place, end)
        if found < 0:
            return False
        place = found + len(run)
    return True


@lru_cache(maxsize=4096)
def in_any_case(text: str) -> re.Pattern[str]:
    """Each character as it is, in lower case or in upper case, which may be two characters."""
    return re.compile(
        "".join(
            f"(?:{'|'.join(re.escape(case) for case in sorted({c, c.lower(), c.upper()}))})"
            for c in text
        ),
        re.DOTALL,
    )
