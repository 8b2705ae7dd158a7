"""What methods of texts and functions of Python's library make of texts.

Sources: https://docs.python.org/3/library/stdtypes.html#string-methods
https://docs.python.org/3/library/os.path.html
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence

from topology.evidence.code.python.values import (
    NO_SLASH,
    Ending,
    FilePath,
    Pieces,
    Three,
    Value,
    put_together,
    text,
)
from topology.evidence.code.texts import either, joined
from topology.sets.recipes import (
    Anything,
    Brought,
    Cased,
    Decoded,
    Either,
    Joined,
    Known,
    Part,
    Recipe,
    Replaced,
    Setting,
    Trimmed,
)

PLAIN = re.compile(r"(?:[^\\.^$*+?()\[\]{}|\n]|\\[-./_ ])+")  # a pattern that is a literal
FIELD = re.compile(r"%(%|s|d)")


def of_text(
    of: Recipe,
    name: str,
    given: Sequence[Value],
    named: Mapping[str, Value],
    numbers: Sequence[int | None],
) -> Value:
    """What a method of a text makes; ``numbers`` are the arguments that are literal numbers."""
    first = text(given[0]) if given else None
    match name:
        case "replace":
            return _replaced(of, given, named, numbers)
        case "split" | "rsplit":
            most = numbers[1] if len(numbers) > 1 else -1
            if not isinstance(first, Known) or not first.text or most is None or named:
                return None
            return Pieces(of, first.text, most, right=name == "rsplit" and most >= 0)
        case "partition" | "rpartition":
            known = isinstance(first, Known) and first.text
            return Three(of, first.text, name == "rpartition") if known else None  # type: ignore[union-attr]
        case "removesuffix" | "removeprefix":
            if not isinstance(first, Known):
                return Anything()
            where = "end" if name == "removesuffix" else "start"
            return Replaced(of, first.text, "", where) if first.text else of  # type: ignore[arg-type]
        case "lower" | "upper":
            return Cased(of, name)
        case "join":
            return put_together(of, given[0]) if given else Anything()
        case "format":
            return _formatted(of, given, named)
    return Anything()


def _replaced(
    of: Recipe, given: Sequence[Value], named: Mapping[str, Value], numbers: Sequence[int | None]
) -> Recipe:
    match [text(each) for each in given[:2]]:
        case [Known(old), Known(new)] if old and not named:
            if len(given) == 2 or numbers[2] == -1:
                return Replaced(of, old, new, "every")
            if numbers[2] == 1:
                return Replaced(of, old, new, "first")
    return Anything()


def _formatted(of: Recipe, given: Sequence[Value], named: Mapping[str, Value]) -> Recipe:
    if not isinstance(of, Known):
        return Anything()
    try:
        fields = [*string.Formatter().parse(of.text)]
    except ValueError:
        return Anything()
    found: list[Recipe] = []
    number = 0
    for before, field, form, conversion in fields:
        found.append(Known(before))
        if field is None:
            continue
        if form or conversion:
            found.append(Anything())
        elif not field or field.isdigit():
            place = int(field) if field else number
            number += 1
            found.append(shown(given[place]) if place < len(given) else Anything())
        else:
            found.append(shown(named.get(field)))
    return joined(found)


def percent(of: Recipe, given: Sequence[Value]) -> Recipe:
    """``"%s" % …``"""
    if not isinstance(of, Known) or re.search(r"%(?![%sd])", of.text.replace("%%", "")):
        return Anything()
    found: list[Recipe] = []
    done, values = 0, iter(given)
    for field in FIELD.finditer(of.text):
        found.append(Known(of.text[done : field.start()]))
        done = field.end()
        found.append(Known("%") if field.group(1) == "%" else shown(next(values, None)))
    return joined([*found, Known(of.text[done:])])


def shown(value: Value) -> Recipe:
    """A value as ``str`` shows it."""
    return value.text if isinstance(value, FilePath) else text(value)


def of_function(
    path: str, given: Sequence[Value], named: Mapping[str, Value], numbers: Sequence[int | None]
) -> Value:
    """What a function of Python's library makes."""
    of = shown(given[0]) if given else Anything()
    is_alone = len(given) == 1 and not named
    match path:
        case "os.getenv" | "os.environ.get":
            if not isinstance(of, Known):
                return Anything()
            default = given[1] if len(given) > 1 else named.get("default")
            return Setting(of.text, text(default) if len(given) > 1 or named else None)
        case "urllib.parse.unquote_plus" | "urllib.parse.unquote":
            return Decoded(of, path.endswith("plus")) if is_alone else Anything()
        case "os.path.basename":
            return Part(of, "/", "after", "last")
        case "os.path.splitext":
            return Ending(of)
        case "os.path.join":
            return _path_joined([shown(each) for each in given]) if not named else Anything()
        case "re.sub":
            return _substituted(given, named, numbers)
        case "json.loads":
            return of if isinstance(of, Brought) else None
        case _ if path.startswith("pathlib."):
            return FilePath(_normal(of)) if is_alone else FilePath(Anything())
        case "copy.deepcopy" | "copy.copy":
            return given[0] if given else None
    return None


def _substituted(
    given: Sequence[Value], named: Mapping[str, Value], numbers: Sequence[int | None]
) -> Recipe:
    match [text(each) for each in given]:
        case [Known(pattern), Known(new), of, *_] if "\\" not in new and not named:
            pass
        case _:
            return Anything()
    first = "every"
    if len(given) == 4 and numbers[3] == 1:
        first = "first"
    elif len(given) > 3:
        return Anything()
    start, end = pattern.startswith("^"), pattern.endswith(("$", "\\Z")) and pattern[-2:] != "\\$"
    body = pattern.removeprefix("^").removesuffix("\\Z")
    body = body.removesuffix("$") if end else body
    if not PLAIN.fullmatch(body) or (start and end):
        return Anything()
    old = re.sub(r"\\(.)", r"\1", body)
    if start:
        return Replaced(of, old, new, "start")
    if not end:
        return Replaced(of, old, new, first)  # type: ignore[arg-type]
    if pattern.endswith("$"):  # which also stands before a line's end at the end
        of = Replaced(of, f"{old}\n", f"{new}\n", "end")
    return Replaced(of, old, new, "end")


def _path_joined(parts: Sequence[Recipe]) -> Recipe:
    if not parts:
        return Anything()
    made = parts[0]
    for part in parts[1:]:
        options: list[Recipe] = []
        if isinstance(part, Known) and part.text.startswith("/"):
            made = part
            continue
        if isinstance(made, Known):
            whole = made.text if made.text.endswith("/") or not made.text else f"{made.text}/"
            options.append(joined([Known(whole), part]))
        else:
            options += [joined([made, Known("/"), part]), joined([made, part]), part]
        if not _is_relative(part):  # what starts at the root stands alone
            options.append(joined([Known("/"), Trimmed(part, 1)]))
        made = either(options)
    return made


def _is_relative(part: Recipe) -> bool:
    """Whether a text surely does not start with a slash."""
    first = part.parts[0] if isinstance(part, Joined) and part.parts else part
    if isinstance(first, Known):
        return bool(first.text) and not first.text.startswith("/")
    return _has_no_slash(part)


def _has_no_slash(part: Recipe) -> bool:
    match part:
        case Known(text):
            return "/" not in text
        case Part(_, "/", "after", "last", _) | Part(_, "/", "before", "first", True):
            return True
        case Replaced(of, _, new, _):
            return _has_no_slash(of) and "/" not in new
        case Cased(of, _) | Trimmed(of, _, _) | Part(of, _, _, _, _):
            return _has_no_slash(of)
        case Either(parts) | Joined(parts):
            return all(map(_has_no_slash, parts))
    return False


def _normal(of: Recipe) -> Recipe:
    """A path's text: what is written twice or says nothing is left out."""
    if isinstance(of, Known):
        is_plain = not re.search(r"//|(^|/)\.?(/|$)", of.text) and of.text
        return of if is_plain else Anything()
    return of if of == NO_SLASH else Anything()


def of_path(of: FilePath, name: str, given: Sequence[Value]) -> Value:
    """An attribute or a method of a path."""
    first = shown(given[0]) if given else Anything()
    match name:
        case "name" | "stem":
            return NO_SLASH
        case "suffix":
            ending = Part(NO_SLASH, ".", "after", "last", is_whole=False)
            return Either((joined([Known("."), ending]), Known("")))
        case "with_suffix" | "with_name":
            is_plain = isinstance(first, Known) and "/" not in first.text and first.text
            return FilePath(joined([Anything(), first]) if is_plain else Anything())
        case "as_posix" | "__str__":
            return of.text
        case "joinpath" if len(given) == 1:
            return below(of, given[0])
    return FilePath(Anything())


def below(of: FilePath, value: Value) -> Value:
    """``path / name``"""
    name = shown(value)
    is_plain = isinstance(of.text, Known) and not of.text.text.endswith("/")
    if is_plain and (name == NO_SLASH or (isinstance(name, Known) and _normal(name) == name)):
        if isinstance(name, Known) and name.text.startswith("/"):
            return FilePath(name)
        return FilePath(either([joined([of.text, Known("/"), name]), of.text]))
    return FilePath(Anything())
