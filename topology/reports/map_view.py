"""What of a scene somebody asked to see: a neighbourhood, a loop, ways between two, or groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from topology.graph import Evidence, Meaning
from topology.reports.map_scene import GROUPINGS, Arrow, Box, Scene, id_of

GROUP = "group"  # the kind of a box that stands for a closed group
WHOLE = 60  # resources up to which everything is shown opened
STEPS = 8
WAYS = ("both", "down", "up")


class AskError(Exception):
    """What was asked for makes no sense (status 400) or is not there (404), in a sentence."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True, slots=True)
class Ask:
    """What the address says. Ids are those of boxes; empty means not asked."""

    at: str = ""
    steps: int = 2
    way: str = "both"
    loop: str = ""
    start: str = ""
    end: str = ""
    group: str = "stack"
    opened: frozenset[str] = frozenset()
    whole: bool = False
    service: str = ""
    meaning: str = ""
    evidence: str = ""
    loops_only: bool = False
    find: str = ""


@dataclass(frozen=True)
class View:
    """Boxes, arrows, the group of each box; ``found`` match the search, ``said`` is the title.

    ``focus`` are the boxes it is about: what was asked for, else the gravest loop, in its order.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    group: Mapping[str, str]
    said: str
    left_out: tuple[str, ...]
    found: tuple[Box, ...] = ()
    focus: tuple[str, ...] = ()


def asked(query: Mapping[str, str], opened: Iterable[str]) -> Ask:
    """What an address asks for. Raises ``AskError`` with what is wrong with it."""
    steps = query.get("steps") or "2"
    if not (steps.isascii() and steps.isdigit() and len(steps) < 3 and 1 <= int(steps) <= STEPS):
        raise AskError(f"“steps” is a number from 1 to {STEPS}.")
    group = query.get("group") or "stack"
    if group not in GROUPINGS and not group.startswith("tag:"):
        raise AskError(f"“group” is one of {', '.join(GROUPINGS)}, or tag: and a tag's name.")
    if bool(query.get("from")) != bool(query.get("to")):
        raise AskError("Ways between two resources need both “from” and “to”.")
    return Ask(
        query.get("at", ""),
        int(steps),
        _one_of("way", query.get("way") or "both", WAYS),
        query.get("loop", ""),
        query.get("from", ""),
        query.get("to", ""),
        group,
        frozenset(opened),
        query.get("all") == "1",
        query.get("service", ""),
        _one_of("meaning", query.get("meaning", ""), ("", *Meaning)),
        _one_of("evidence", query.get("evidence", ""), ("", *Evidence)),
        query.get("only") == "loops",
        query.get("q", "")[:200],
    )


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    if value not in (words := tuple(map(str, known))):
        raise AskError(f"“{name}” is one of {', '.join(filter(None, words))}.")
    return value


def view(scene: Scene, ask: Ask) -> View:
    """What is asked for of a scene. Raises ``AskError`` where it names what is not there."""
    arrows = [each for each in scene.arrows if _passes(each, scene, ask)]
    shown, arrows, said = _scope(scene, arrows, ask)
    group = {key: group_of(scene.boxes[key], ask.group) for key in shown}
    arrows = [each for each in arrows if each.source in shown and each.target in shown]
    focused = bool(ask.at or ask.loop or ask.start)
    about = _about(scene, ask)
    boxes: dict[str, Box] = {key: scene.boxes[key] for key in sorted(shown)}
    if not (focused or ask.whole or len(shown) <= WHOLE):
        stands = _standing(group, ask.opened)
        boxes, arrows, group = _closed(boxes, arrows, group, stands)
        about = [stands.get(each, each) for each in about]
    return View(
        tuple(boxes.values()),
        tuple(arrows),
        group,
        said,
        tuple(_left_out(scene, boxes, arrows)),
        tuple(each for each in scene.boxes.values() if ask.find and _matches(each, ask.find)),
        tuple(each for each in dict.fromkeys(about) if each in boxes),
    )


def group_of(box: Box, by: str) -> str:
    """The title of a box's group."""
    if by.startswith("tag:"):
        key = by[4:] + "="
        return next((tag for tag in box.tags if tag.startswith(key)), f"no tag {by[4:]}")
    if by == "stack":
        return box.stack or box.component
    return str(getattr(box, by)) or f"no {by}"


def _passes(arrow: Arrow, scene: Scene, ask: Ask) -> bool:
    ends = (scene.boxes[arrow.source], scene.boxes[arrow.target])
    return (
        (not ask.meaning or arrow.meaning == ask.meaning)
        and (
            not ask.evidence or Evidence(arrow.evidence).strength <= Evidence(ask.evidence).strength
        )
        and (not ask.loops_only or bool(arrow.verdict))
        and (not ask.service or any(each.kind.split(".")[0] == ask.service for each in ends))
    )


def _scope(scene: Scene, arrows: list[Arrow], ask: Ask) -> tuple[set[str], list[Arrow], str]:
    if ask.start:
        start, end = _box(scene, ask.start), _box(scene, ask.end)
        ahead = _distances(arrows, [start.id], "down")
        behind = _distances(arrows, [end.id], "up")
        if end.id not in ahead:
            said = f"No way leads from {start.name} to {end.name}, as far as was read"
            return {start.id, end.id}, [], said
        between = ahead.keys() & behind.keys()
        length = ahead[end.id]
        said = f"Ways from {start.name} to {end.name}: the shortest has {length} steps"
        return set(between), arrows, said
    if ask.loop:
        if ask.loop not in scene.loops:
            raise AskError("No loop of this reading has that fingerprint.", 404)
        ids = scene.loops[ask.loop]
        inside = [each for each in scene.arrows if each.id in ids]
        ring = {end for each in inside for end in (each.source, each.target)}
        near = _distances(arrows, sorted(ring), ask.way, 1)
        kept = {each.id: each for each in (*arrows, *inside)}
        return {*near, *ring}, list(kept.values()), "A loop and what is next to it"
    if ask.at:
        middle = _box(scene, ask.at)
        where = {"both": "around", "down": "downstream of", "up": "upstream of"}[ask.way]
        near = _distances(arrows, [middle.id], ask.way, ask.steps)
        plural = "" if ask.steps == 1 else "s"
        return set(near), arrows, f"{ask.steps} step{plural} {where} {middle.name}"
    ends = {end for each in arrows for end in (each.source, each.target)}
    return ends, arrows, "Everything that events pass through"


def _box(scene: Scene, key: str) -> Box:
    found = scene.boxes.get(key) or scene.boxes.get(id_of(key))
    if found is None:
        raise AskError("No resource of this reading that events pass has that id or ARN.", 404)
    return found


def _distances(
    arrows: Iterable[Arrow], starts: Iterable[str], way: str, limit: int = 1_000_000
) -> dict[str, int]:
    """Steps from the nearest start to each box within ``limit``, breadth first."""
    onward: dict[str, list[str]] = {}
    for each in arrows:
        if way != "up":
            onward.setdefault(each.source, []).append(each.target)
        if way != "down":
            onward.setdefault(each.target, []).append(each.source)
    found = dict.fromkeys(starts, 0)
    front = list(found)
    while front and found[front[0]] < limit:
        reached = {box: found[at] + 1 for at in front for box in onward.get(at, ())}
        front = [box for box in reached if box not in found]
        found |= {box: reached[box] for box in front}
    return found


def _about(scene: Scene, ask: Ask) -> list[str]:
    """The boxes that somebody who asks so wants to see first."""
    if ask.start:
        return [_box(scene, each).id for each in (ask.start, ask.end)]
    if ask.at:
        return [_box(scene, ask.at).id]
    ids = scene.loops[ask.loop] if ask.loop else next(iter(scene.loops.values()), frozenset())
    return [end for each in scene.arrows if each.id in ids for end in (each.source, each.target)]


def _standing(group: Mapping[str, str], opened: frozenset[str]) -> dict[str, str]:
    """What stands for each box: itself, or its group where that has several and is closed."""
    sizes = Counter(group.values())
    shut = {title for title, size in sizes.items() if size > 1 and id_of(title) not in opened}
    return {key: id_of(title) if title in shut else key for key, title in group.items()}


def _closed(
    boxes: Mapping[str, Box],
    arrows: Iterable[Arrow],
    group: Mapping[str, str],
    stands: Mapping[str, str],
) -> tuple[dict[str, Box], list[Arrow], dict[str, str]]:
    """Every group that was not opened as one box, and the arrows between them counted."""
    sizes = Counter(group.values())
    seen: dict[str, Box] = {}
    for key, box in boxes.items():
        if stands[key] == key:
            seen[key] = box
            continue
        title, known = group[key], seen.get(stands[key])
        made = known or Box(stands[key], "", title, GROUP, members=sizes[title])
        verdict = made.verdict or box.verdict
        change = made.change or ("changed" if box.change else "")
        seen[stands[key]] = replace(made, verdict=verdict, change=change)
    joined: dict[tuple[str, str, str], Arrow] = {}
    for each in arrows:
        ends = (stands[each.source], stands[each.target])
        if ends == (each.source, each.target):
            joined[each.id, "", ""] = each
        elif ends[0] != ends[1]:
            known_arrow = joined.get((*ends, each.meaning))
            joined[*ends, each.meaning] = _both(
                known_arrow, replace(each, source=ends[0], target=ends[1])
            )
    titles = {stands[key]: group[key] for key in boxes}
    return dict(sorted(seen.items())), list(joined.values()), titles


def _both(known: Arrow | None, more: Arrow) -> Arrow:
    """Two edges as one arrow: it is as sure as the surer one, and off only if both are."""
    if known is None:
        return replace(more, label="")
    surer = min(known.evidence, more.evidence, key=lambda word: Evidence(word).strength)
    return replace(
        known,
        evidence=surer,
        dormant=known.dormant and more.dormant,
        verdict=known.verdict or more.verdict,
        change=known.change if known.change == more.change else "changed",
        count=known.count + 1,
    )


def _matches(box: Box, text: str) -> bool:
    wanted = text.casefold()
    return any(wanted in each.casefold() for each in (box.name, box.arn, *box.tags))


def _left_out(scene: Scene, boxes: Mapping[str, Box], arrows: Iterable[Arrow]) -> Iterator[str]:
    """Sentences that say what the picture does not show."""
    closed = sum(box.members for box in boxes.values())
    beyond = len(scene.boxes) - closed - sum(not box.members for box in boxes.values())
    counts = {
        "{n} resource{s} {are} inside closed groups": closed,
        "{n} resource{s} {are} outside what was asked for": beyond,
        "{n} edge{s} {are} inside closed groups or outside what was asked for": len(scene.arrows)
        - sum(each.count for each in arrows),
        "{n} resource{s} that no event reaches or leaves {are} not on the map": scene.quiet,
    }
    for sentence, n in counts.items():
        if n:
            yield sentence.format(n=n, s="" if n == 1 else "s", are="is" if n == 1 else "are")
