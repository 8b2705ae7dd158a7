"""Names people could give their resources, chosen to break one format or another."""

from __future__ import annotations

import copy
from typing import Any

NAUGHTY = (
    "plain",
    "",
    " leading and trailing ",
    "null",
    "undefined",
    "NaN",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "</title><svg/onload=alert(1)>",
    "<!-- comment",
    "]]>",
    "&amp;&lt;&#38;&unknown;",
    "\"'`",
    '" onmouseover="alert(1)',
    "=cmd|' /C calc'!A0",
    "+1-1",
    "-rf /",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    "a,b;c\td",
    "line\nbreak\r\nand another",
    "\x00\x1b[31mred\x07",
    "\ud800 lone \udfff",
    "\u202egnp.exe\u2066",
    "\u2028\u2029\ufeff\u200b",
    "Ω≈ç√∫ 田中さん 👩‍👩‍👧 مرحبا",
    "Z̴̧͎a̵͉l̷̺g̸̱o̶͖",
    "**bold** _it_ [link](javascript:alert(1)) ![x](http://example.com/x)",
    "| a | b |\n|---|---|",
    "```\nfence\n```",
    "@octocat #1 www.example.com https://example.com",
    "# heading",
    "1. list",
    "${jndi:ldap://x} #{x} %{x} {{7*7}} <%= 7 %>",
    "\\N\\G\\l\\",
    "end\\",
    'n1"]; n2 --> n3["',
    "a -> b: {shape: sql_table}",
    "subgraph end class click",
    "'; DROP TABLE users;--",
    "../../../etc/passwd",
    "C:\\\\windows",
    "%s%d%n%x",
    "yes: [no, {on: off}] # &a *a !!python/object",
    "--- !!null",
    "x" * 600,
)
NAMES = {
    *("source", "source_name", "target", "target_name", "label", "dormant", "words", "title"),
    *("explanation", "because", "text", "where", "subject", "subject_name", "fix", "resource"),
    *("reason", "document", "cli", "undo", "cloudformation", "terraform", "measured", "ranking"),
}


def spoiled(loop: dict[str, Any]) -> dict[str, Any]:
    """A report with one copy of the loop for each naughty name, which is in all of its names."""
    loops = []
    for number, name in enumerate(NAUGHTY):
        each = _with(copy.deepcopy(loop), f"{name}#{number}#")
        each["number"] = number + 1
        each["fingerprint"] = f"{number:016x}"
        for hop, edge in enumerate(each["edges"]):
            edge["id"] = f"{number:08x}{hop:08x}"
        loops.append(each)
    return {"loops": loops}


def _with(value: Any, name: str, key: str = "") -> Any:
    """Every text that may hold a name, with the name in it."""
    match value:
        case str() if key in NAMES:
            return f"{value}{name}" if value or key != "dormant" else value
        case list():
            return [_with(each, name, key) for each in value]
        case dict():
            return {each: _with(inner, name, each) for each, inner in value.items()}
    return value
