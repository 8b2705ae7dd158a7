"""What Node's ``path`` makes of texts, as recipes.

A key is no path to S3, but becomes one here: ``join`` takes out ``..``, ``.`` and doubled slashes,
``basename`` and its like leave out slashes at the end.

Source: https://nodejs.org/api/path.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from topology.evidence.code.javascript.kinds import ParsedPath, Value
from topology.evidence.code.texts import either, is_recipe, joined
from topology.sets.recipes import (
    Anything,
    Cased,
    Either,
    Joined,
    Known,
    Part,
    Recipe,
    Replaced,
    Stripped,
)


def of_path(name: str, given: Sequence[Value]) -> Value:
    """What a function of ``path`` makes of its arguments; None: not known."""
    texts = [value for value in given if is_recipe(value)]
    if len(texts) != len(given) or not texts:
        return None
    of = texts[0]
    if name == "basename" and len(texts) == 1:
        return base_name(of)
    if name == "basename" and len(texts) == 2:
        return _without_ending(base_name(of), texts[1])
    if name in ("dirname", "extname"):
        return parsed(ParsedPath(of), name)
    if name == "parse":
        return ParsedPath(of)
    return _path_joined(texts) if name == "join" else None


def base_name(of: Recipe) -> Recipe:
    """The last part of a path, without slashes at its end."""
    return Part(Stripped(of, "/", "end"), "/", "after", "last")


def _without_ending(base: Recipe, ending: Recipe) -> Recipe:
    """``basename(path, ".csv")``: a name that is nothing but its ending keeps it."""
    if not isinstance(ending, Known) or not ending.text or "/" in ending.text:
        return Anything()
    return either([Replaced(base, ending.text, "", "end"), ending])


def parsed(path: ParsedPath, name: str) -> Value:
    """A field of ``path.parse``, or the path's folder or ending."""
    base = base_name(path.of)
    if name == "base":
        return base
    if name == "name":
        return either([Part(base, ".", "before", "last"), base])
    if name in ("ext", "extname"):
        ending = Part(base, ".", "after", "last", False)
        return either([Known(""), joined([Known("."), ending])])
    if name in ("dir", "dirname"):
        folder = Part(Stripped(path.of, "/", "end"), "/", "before", "last", False)
        return either([folder, Known(""), Known("."), Known("/"), Known("//")])
    return Known("/") if name == "root" else None


def _path_joined(texts: Sequence[Recipe]) -> Recipe:
    """``path.join``: exact where a folder that is known is followed by one part of a path."""
    *folders, last = texts
    if all(isinstance(each, Known) for each in texts):
        return Known(_normal("/".join(_texts(texts))))
    if all(isinstance(each, Known) for each in folders) and is_part(last):
        folder = _normal("/".join(_texts(folders)))
        start = "" if folder == "." else folder.rstrip("/") + "/"
        others = [folder, *(_normal(f"{folder}/{each}") for each in (".", ".."))]
        return either([joined([Known(start), last]), *map(Known, others)])
    # Whatever comes first, the end stays: unless it is one of the parts that lead elsewhere.
    end = joined([Known("/"), last])
    for leading in ("/.", "/.."):
        end = Replaced(end, leading, "/", "end")
    return joined([Anything(), Part(end, "/", "after", "last")])


def is_part(of: Recipe) -> bool:
    """Whether a text surely has no slash."""
    match of:
        case Known(text):
            return "/" not in text
        case Part(_, "/", "after", "last") | Part(_, "/", "before", "first"):
            return True
        case Replaced(inner, _, new):
            return "/" not in new and is_part(inner)
        case Part(inner) | Cased(inner) | Stripped(inner):
            return is_part(inner)
        case Joined(parts) | Either(parts):
            return bool(parts) and all(map(is_part, parts))
    return False


def _texts(known: Sequence[Recipe]) -> list[str]:
    """Those that are not empty, which ``join`` leaves out."""
    return [each.text for each in known if isinstance(each, Known) and each.text]


def _normal(path: str) -> str:
    """As Node's ``path.normalize``: a slash at the end stays, a second one at the start goes."""
    if not path:
        return "."
    found = posixpath.normpath(path)
    if found.startswith("//"):
        found = found[1:]
    is_open = path.endswith("/") and not found.endswith("/")
    return found + "/" if is_open else found
