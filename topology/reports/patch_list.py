"""A list of changes as a file for whoever makes them: text, Markdown or JSON, in every tongue."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from topology.reports.patches import Patch

SCHEMA = "loopscope.patches/1"
TONGUES = (
    ("cli", "AWS CLI", "sh"),
    ("undo", "AWS CLI, to undo it", "sh"),
    ("cloudformation", "CloudFormation", "json"),
    ("terraform", "Terraform", "hcl"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One change: the text that means it, and its patch, or why there is none."""

    edit: str
    patch: Patch | None
    misfit: str = ""


def to_text(title: str, said: str, changes: Sequence[Listed]) -> str:
    """Numbered words, with what each tongue says below them."""
    lines = [_line(title), _line(said), ""]
    for number, each in enumerate(changes, start=1):
        lines.append(f"{number}. {_line(_words(each))}")
        for name, text, _ in _tongues(each):
            lines += [f"   {name}:", *(f"       {line}" for line in text.splitlines())]
        lines.append("")
    return "\n".join(lines)


def to_markdown(title: str, said: str, changes: Sequence[Listed]) -> str:
    """A section per change, what each tongue says in a fence that nothing inside can close."""
    lines = [f"# {_escaped(title)}", "", _escaped(said), ""]
    for number, each in enumerate(changes, start=1):
        lines += [f"## {number}. {_escaped(_words(each))}", ""]
        for name, text, tongue in _tongues(each):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            lines += [f"{name}:", "", f"{fence}{tongue}", text, fence, ""]
    return "\n".join(lines)


def to_json(title: str, said: str, changes: Sequence[Listed]) -> str:
    """``loopscope.patches/1``: a member per tongue, empty where a tongue cannot say it."""
    told: Mapping[str, Any] = {
        "schema": SCHEMA,
        "title": title,
        "said": said,
        "changes": [
            {
                "edit": each.edit,
                "misfit": each.misfit,
                "patch": asdict(each.patch) if each.patch else None,
            }
            for each in changes
        ],
    }
    return json.dumps(told, indent=2) + "\n"


FORMS: Mapping[str, tuple[str, Callable[[str, str, Sequence[Listed]], str]]] = {
    "txt": ("text/plain; charset=utf-8", to_text),
    "md": ("text/markdown; charset=utf-8", to_markdown),
    "json": ("application/json", to_json),
}


def _words(each: Listed) -> str:
    return each.patch.words if each.patch else f"Does not fit any more: {each.misfit}"


def _tongues(each: Listed) -> Iterator[tuple[str, str, str]]:
    if each.patch is None:
        return
    said = asdict(each.patch)
    for member, name, tongue in TONGUES:
        if said[member]:
            yield name, said[member], tongue


def _line(text: str) -> str:
    """A text on one line, whatever a name in it holds."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """A text of which Markdown takes nothing for HTML, a link or a picture."""
    return re.sub(r"([\\<>\[\]!|#])", r"\\\1", _line(text))
