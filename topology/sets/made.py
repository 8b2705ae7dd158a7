"""What texts a recipe may make: at least all that the program could."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from topology.sets import replacing, shapes
from topology.sets.expressions import ANY, StringSet, Texts, pattern, union
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
    Stripped,
    Trimmed,
)
from topology.sets.segments import Segments
from topology.sets.strings import prefix, suffix, wildcard

DEEPEST, LARGEST = 50, 500  # recipes beyond make anything
FEW = 256  # texts that are worked out one by one

Values = Callable[[tuple[str, ...]], StringSet]
Settings = Callable[[str], StringSet]


def made(recipe: Recipe, brought: Values, setting: Settings) -> StringSet:
    """The texts a recipe may make: all there are, or more.

    ``brought`` gives the texts that events hold at a path, ``setting`` those of a variable.
    """
    if not _is_small(recipe):
        return ANY
    return _made(recipe, brought, setting)


def is_derived(recipe: Recipe) -> bool:
    """Whether every part of a recipe is understood: nothing in it may be just anything."""
    match recipe:
        case Anything() | Setting(_, None):
            return False
        case Known() | Brought():
            return True
    return _is_small(recipe) and all(map(is_derived, _parts(recipe)))


def uses_up(recipe: Recipe) -> str:
    """The text of which every turn takes one occurrence and makes none; empty where none is."""
    match recipe:
        case Replaced(_, old, new, "first") if replacing.is_used_up(old, new):
            return old
    return next(filter(None, map(uses_up, _parts(recipe))), "") if _is_small(recipe) else ""


def in_one_turn(recipe: Recipe) -> tuple[str, str] | None:
    """A text with two occurrences of what every turn uses up, and what one turn leaves of it."""
    match recipe:
        case Replaced(_, old, new, "first") if replacing.is_used_up(old, new):
            return f"a{old}{old}", f"a{old}{old}".replace(old, new, 1)
    if not _is_small(recipe):
        return None
    return next(filter(None, map(in_one_turn, _parts(recipe))), None)


def described(recipe: Recipe) -> str:
    """The recipe in words: ``the event's key with ".csv" replaced by ".json"``."""
    if not _is_small(recipe):
        return "something long-winded"
    match recipe:
        case Known(text):
            return f'"{text}"'
        case Brought(path):
            return f"the event's `{'.'.join(path)}`"
        case Setting(variable):
            return f"the variable `{variable}`"
        case Joined(parts):
            return " + ".join(map(described, parts))
        case Either(options):
            return " or ".join(dict.fromkeys(map(described, options)))
        case Replaced(of, old, new, where):
            which = {"first": "the first ", "start": "a leading ", "end": "a final "}.get(where, "")
            return f'{described(of)} with {which}"{old}" replaced by "{new}"'
        case Part(of, separator, side, which):
            return f'what is {side} the {which} "{separator}" of {described(of)}'
        case Trimmed(of) | Stripped(of) | Decoded(of):
            how = "the decoded form of" if isinstance(recipe, Decoded) else "a part of"
            return f"{how} {described(of)}"
        case Cased(of, case):
            return f"{described(of)} in {case} case"
    return "something known at run time only"


def _made(recipe: Recipe, brought: Values, setting: Settings) -> StringSet:
    def of(each: Recipe) -> StringSet:
        return _made(each, brought, setting)

    match recipe:
        case Known(text):
            return Texts(frozenset((text,)))
        case Brought(path):
            return brought(path)
        case Setting(variable, default):
            return setting(variable) | of(default) if default else setting(variable)
        case Either(options):
            return union(map(of, options)) if options else ANY
        case Joined(parts):
            return _joined(map(of, parts))
        case Replaced(source, old, new, where):
            return _replaced(of(source), old, new, where)
        case Part(source, separator, side, which, is_whole):
            return _part(of(source), separator, side, which, is_whole)
        case Trimmed(source, start, end):
            cut = _each(of(source), lambda shape: [shapes.without_start(shape, start)])
            return _each(cut, lambda shape: [shapes.without_end(shape, end)])
        case Stripped(source, characters, side):
            return _each(of(source), lambda shape: shapes.stripped(shape, characters, side))
        case Cased(source, case):
            return _each(of(source), lambda shape: [shapes.cased(shape, case)])
        case Decoded(source, plus):
            return _each(of(source), lambda shape: [shapes.decoded(shape, plus)])
    return ANY


def _each(of: StringSet, change: Callable[[Segments], Iterable[Segments]]) -> StringSet:
    return union(pattern(found) for shape in shapes.shapes(of) for found in change(shape))


def _joined(sets: Iterable[StringSet]) -> StringSet:
    found: list[Segments] = [((),)]
    for each in sets:
        ways = shapes.shapes(each)
        if len(found) * len(ways) > FEW:
            ways = [shapes.ANY_TEXT]
        found = [shapes.joined(before, after) for before in found for after in ways]
    return union(map(pattern, found))


def _replaced(of: StringSet, old: str, new: str, where: str) -> StringSet:
    match where:
        case "start":
            changed = _each(of, lambda shape: replacing.at_start(shape, old, new))
            return changed | (of - prefix(old))
        case "end":
            backwards = old[::-1], new[::-1]
            turned = _each(
                of,
                lambda shape: map(
                    shapes.mirrored, replacing.at_start(shapes.mirrored(shape), *backwards)
                ),
            )
            return turned | (of - suffix(old))
        case "first":
            return _each(of, lambda shape: replacing.first(shape, old, new))
    found = _each(of, lambda shape: replacing.every(shape, old, new))
    return found - _holding(old) if replacing.is_used_up(old, new) else found


def _part(of: StringSet, separator: str, side: str, which: str, is_whole: bool) -> StringSet:
    if len(separator) != 1:
        return ANY
    # What is after the last is, read backwards, before the first.
    is_backwards = side == "after"
    cut = shapes.before_first if (which == "first") != is_backwards else shapes.before_last

    def change(shape: Segments) -> Iterable[Segments]:
        if not is_backwards:
            return cut(shape, separator, is_whole)
        return map(shapes.mirrored, cut(shapes.mirrored(shape), separator, is_whole))

    found = _each(of, change)
    return found - _holding(separator) if cut is shapes.before_first else found


def _holding(text: str) -> StringSet:
    escaped = text.replace("\\", "\\\\").replace("*", "\\*")
    return wildcard(f"*{escaped}*")


def _parts(recipe: Recipe) -> tuple[Recipe, ...]:
    """What a recipe is made of."""
    match recipe:
        case Joined(parts) | Either(parts):
            return parts
        case Setting(_, default):
            return (default,) if default else ()
        case Replaced() | Part() | Trimmed() | Stripped() | Cased() | Decoded():
            return (recipe.of,)
    return ()


def _is_small(recipe: Recipe) -> bool:
    level: tuple[Recipe, ...] = (recipe,)
    count = 0
    for _ in range(DEEPEST):
        if not level or count > LARGEST:
            break
        count += len(level)
        level = tuple(part for each in level for part in _parts(each))
    return not level and count <= LARGEST
