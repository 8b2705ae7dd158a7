"""Cuts: nothing dangerous is left, nothing cheaper would do, and what others send still arrives."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest

from tests.analysis.loop_classes import Case, cases
from tests.analysis.test_analyse import shuffled
from tests.world import World, allow, criteria
from topology import filters
from topology.analysis import analyse
from topology.analysis.changes import Forbid, Refilter, Separate, SwitchOff, what_if
from topology.analysis.cuts import LOOPS, Chooser, Cut, Method, remedies
from topology.analysis.levers import Effort
from topology.analysis.loops import Loop
from topology.analysis.options import Option
from topology.analysis.trials import Trial, is_dangerous, trials
from topology.graph import Graph

DANGEROUS = [case for case in cases() if not case.is_harmless]
UPLOADS = "arn:aws:s3:::uploads"


def built(case: Case) -> Graph:
    world = World()
    case.build(world)
    return world.graph()


def is_safe_after(graph: Graph, options: Iterable[Option]) -> bool:
    return not any(map(is_dangerous, what_if(graph, [each.change for each in options]).loops))


@pytest.mark.parametrize("case", DANGEROUS, ids=lambda case: f"{case.loop_class}: {case.name}")
def test_every_class_of_loops_has_a_cut_that_leaves_none(case):
    graph = built(case)
    analysis = analyse(graph)
    found = remedies(analysis)
    for loop in filter(is_dangerous, analysis.loops):
        cut = found[loop.fingerprint].cuts[0]
        assert cut.whole
        assert is_safe_after(graph, cut.options)
        for other in found[loop.fingerprint].cuts:
            if other.whole:
                assert is_safe_after(graph, other.options)


@pytest.mark.parametrize(
    "case",
    [case for case in DANGEROUS if case.name != "a subscriber that puts the event it hears"],
    ids=lambda case: f"{case.loop_class}: {case.name}",
)
def test_every_class_of_loops_has_something_to_press_first_that_stops_it(case):
    graph = built(case)
    analysis = analyse(graph)
    press = remedies(analysis)[analysis.loops[0].fingerprint].press_first
    assert press is not None
    left = what_if(graph, [press.change]).loops
    assert not any(is_dangerous(loop) for loop in left if loop.title == analysis.loops[0].title)


def test_harmless_loops_need_no_cut():
    harmless = [case for case in cases() if case.is_harmless]
    assert all(remedies(analyse(built(case))) == {} for case in harmless)


# What may be in a small account, and who hears it.
BUCKETS, QUEUES, ACTORS = ("one", "two"), ("jobs", "more"), ("a", "b", "c")
KEYS = ("*", "in/*", "out/*", "*.json")


def account(seed: int) -> World:
    chance = random.Random(seed)
    world = World()
    buckets = [world.bucket(name) for name in BUCKETS]
    queues = [world.queue(name) for name in QUEUES]
    for name in ACTORS:
        statements = []
        for _ in range(chance.randint(0, 2)):
            if chance.random() < 0.6:
                keys = chance.choice(KEYS)
                statements.append(allow("s3:PutObject", f"{chance.choice(buckets)}/{keys}"))
            else:
                statements.append(allow("sqs:SendMessage", chance.choice([*queues, "*"])))
        named = chance.sample([*buckets, *queues], chance.randint(0, 2))
        function = world.function(name, *statements, names=named)
        if chance.random() < 0.7:
            heard = {"prefix": chance.choice(("", "in/", "out/"))}
            world.notify(chance.choice(buckets), function, label=name, **heard)
        if chance.random() < 0.5:
            world.listen(chance.choice(queues), function)
    return world


@pytest.mark.parametrize("seed", range(80))
def test_no_cheaper_changes_would_do(seed):
    graph = account(seed).graph()
    for trial in trials(analyse(graph), 5):
        chooser = Chooser(trial)
        cut = chooser.cut()
        assert cut is not None
        assert cut.method is Method.EXACT
        assert is_left_safe(trial, cut.options)
        if len(chooser.options) <= 10:
            for cheaper in all_cheaper_than(cut, chooser.options):
                assert not is_left_safe(trial, cheaper), cheaper


def is_left_safe(trial: Trial, options: Iterable[Option]) -> bool:
    return not trial.left([each.change for each in options])


def all_cheaper_than(cut: Cut, options: list[Option]) -> Iterable[tuple[Option, ...]]:
    for size in range(len(options) + 1):
        for chosen in combinations(options, size):
            if sum(each.effort for each in chosen) < cut.effort:
                yield chosen


@pytest.mark.parametrize("seed", range(30))
def test_what_a_trial_leaves_is_what_the_whole_analysis_finds(seed):
    graph = account(seed).graph()
    for trial in trials(analyse(graph), 5):
        chooser = Chooser(trial)
        chooser.cut()
        for option in chooser.options:
            left = what_if(graph, [option.change]).loops
            inside = [loop for loop in left if loop.hops[0].edge.source in trial.members]
            assert is_left_safe(trial, [option]) is not any(map(is_dangerous, inside))
            for loop in trial.loops:
                if trial.stops(loop, [option.change]):
                    edges = {hop.edge.id for hop in loop.hops}
                    going = [each for each in inside if is_dangerous(each)]
                    assert edges not in [{hop.edge.id for hop in each.hops} for each in going]


def shared(seed: int) -> World:
    """A busier account: a bus that several share, wildcards, one role for two, calls, topics."""
    chance = random.Random(seed)
    world = World()
    bus, topic = world.bus("shop"), world.topic("news")
    buckets = [world.bucket(name) for name in BUCKETS]
    queues = [world.queue(name) for name in QUEUES]
    functions: list[str] = []
    for number in range(6):
        source = f"s{chance.randint(0, 2)}"
        own = {"ForAllValues:StringEquals": {"events:source": source}}
        may = [
            allow("events:PutEvents", bus, **({"Condition": own} if chance.random() < 0.7 else {})),
            allow("sqs:SendMessage", chance.choice([*queues, "*"])),
            allow("s3:PutObject", f"{chance.choice([*buckets, '*'])}/{chance.choice(KEYS)}"),
            allow("sns:Publish", chance.choice([topic, "*"])),
            allow("lambda:InvokeFunction", chance.choice(functions or ["*"])),
        ]
        named = chance.sample([*buckets, *queues, bus], chance.randint(0, 2))
        function = world.function(f"f{number}", *chance.sample(may, 2), names=named)
        if functions and chance.random() < 0.3:  # acts in the role of the first
            known = world.resources.pop()
            first = next(each for each in world.resources if each.arn == functions[0])
            role = first.attributes["role"]
            world.resources.append(replace(known, attributes={**known.attributes, "role": role}))
        functions.append(function)
        match chance.randint(0, 3):
            case 0:
                world.rule(bus, function, {"source": [f"s{chance.randint(0, 2)}"]}, f"r{number}/1")
            case 1:
                world.listen(chance.choice(queues), function)
            case 2:
                heard = {"prefix": chance.choice(("", "in/", "out/"))}
                world.notify(chance.choice(buckets), function, label=f"f{number}", **heard)
            case 3:
                world.subscribe(topic, chance.choice([function, *queues]))
    return world


@pytest.mark.parametrize("seed", range(60))
def test_only_what_changes_touch_is_judged_again_and_the_whole_analysis_finds_the_same(seed):
    graph, chance = shared(seed).graph(), random.Random(seed)
    for trial in trials(analyse(graph), 5):
        chooser = Chooser(trial)
        chooser.cut()
        for size in (1, 1, 1, 2, 2):
            chosen = chance.sample(chooser.options, min(size, len(chooser.options)))
            changes = [option.change for option in chosen]
            found = [loop for loop in what_if(graph, changes).loops if is_dangerous(loop)]
            inside = [each for each in found if trial.members.issuperset(sources(each))]
            going = {hop.edge.id for each in inside for hop in each.hops}
            left = {hop.edge.id for hops in trial.left(changes) for hop in hops}
            declared = {edge.id for edge in graph.edges}
            assert left & declared == going & declared
            assert trial.proves(changes) is not any(inside)


def sources(loop: Loop) -> set[str]:
    return {hop.edge.source for hop in loop.hops}


@pytest.mark.parametrize("seed", range(40))
def test_what_is_proved_of_a_component_holds_in_the_whole_account(seed):
    graph = account(seed).graph()
    found = remedies(analyse(graph)).values()
    options = [option for remedy in found for option in remedy.cuts[0].options]
    assert is_safe_after(graph, options)


@pytest.mark.parametrize("seed", range(10))
def test_the_same_account_gives_the_same_cuts_in_whatever_order_it_was_read(seed):
    world = account(7)
    other = remedies(analyse(shuffled(world, random.Random(seed))))
    assert remedies(analyse(world.graph())) == other


def only(world: World) -> tuple[Cut, ...]:
    (remedy,) = remedies(analyse(world.graph())).values()
    return remedy.cuts


def converting(keys: str, **heard: str) -> World:
    world = World()
    bucket = world.bucket("uploads")
    convert = world.function("convert", allow("s3:PutObject", f"{bucket}/{keys}"), names=[bucket])
    world.notify(bucket, convert, **heard)
    return world


def test_a_prefix_that_no_written_key_has_comes_before_switching_off():
    cut = only(converting("out/*"))[0]
    (option,) = cut.options
    assert option.effort is Effort.AFFIX
    assert isinstance(option.change, Refilter)
    assert option.change.filter is not None
    assert option.keeps is not None
    heard = filters.parse(option.change.filter)
    assert heard.matches(option.keeps)
    assert not heard.matches({"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "out/a"}}})


def test_a_suffix_where_no_prefix_tells_what_is_written_from_what_is_uploaded():
    (option,) = only(converting("*.json"))[0].options
    assert isinstance(option.change, Refilter)
    assert option.change.filter is not None
    assert '"suffix"' in option.change.filter.document


def test_the_keys_of_other_writers_are_what_a_trigger_is_narrowed_to():
    world = converting("*.json")
    world.function("upload", allow("s3:PutObject", f"{UPLOADS}/*.csv"))
    (option,) = only(world)[0].options
    assert option.keeps is not None
    assert option.keeps["s3"]["object"]["key"].endswith(".csv")


def test_a_filter_is_not_narrowed_to_what_a_later_one_drops():
    world = World()
    bus, queue, bucket = world.bus(), world.queue("to-convert"), world.bucket("uploads")
    convert = world.function("convert", allow("s3:PutObject", f"{bucket}/in/*"), names=[bucket])
    world.tell_eventbridge(bucket, bus)
    world.rule(bus, queue, {"source": ["aws.s3"]}, input_path="$.detail.object")
    world.listen(
        queue, convert, criteria("lambda.criteria.sqs", {"body": {"key": [{"prefix": "in/"}]}})
    )
    assert only(world)[0].options[0].effort is Effort.SWITCH


def test_a_rule_leaves_out_the_session_that_makes_the_call_it_hears():
    world = World()
    tag = world.function("tag", allow("ec2:CreateTags", "*"))
    detail = {"eventSource": ["ec2.amazonaws.com"], "eventName": ["CreateTags"]}
    world.rule(world.bus(), tag, {"source": ["aws.ec2"], "detail": detail})
    (option,) = only(world)[0].options
    assert option.effort is Effort.NARROW
    assert isinstance(option.change, Refilter)
    assert option.change.filter is not None
    assert "assumed-role/tag/tag" in option.change.filter.document


def test_what_happens_is_never_filtered_away_to_stop_a_loop():
    world = World()
    table, stream = world.table("orders")
    score = world.function("score", allow("dynamodb:PutItem", table), names=[table])
    world.listen(stream, score)
    assert all(each.effort > Effort.AFFIX for cut in only(world) for each in cut.options)


def test_a_rule_that_is_switched_off_is_off_for_all_its_targets():
    world = World()
    bus = world.bus("shop")
    relay = world.function("relay", allow("events:PutEvents", bus), names=[bus])
    both = {
        world.rule(bus, relay, {"source": ["shop"]}, "placed/1"),
        world.rule(bus, world.queue("audit"), {"source": ["shop"]}, "placed/2"),
    }
    (option,) = only(world)[0].options
    assert isinstance(option.change, SwitchOff)
    assert set(option.change.edges) == both


def test_a_place_of_its_own_is_none_that_is_there_already():
    world = World()
    jobs, there = world.queue("jobs"), world.queue("jobs-apart")
    full = world.bucket("b" * 57 + "-apart")  # no name of a bucket is longer
    may = allow("sqs:SendMessage", "*"), allow("s3:PutObject", f"{full}/*")
    work = world.function("work", *may, names=[jobs, full])
    world.listen(jobs, work)
    world.listen(there, work)
    world.notify(full, work)
    graph = world.graph()
    own = set()
    for trial in trials(analyse(graph), 5):
        chooser = Chooser(trial)
        chooser.cut()
        changes = [option.change for option in chooser.options]
        own |= {each.target for each in changes if isinstance(each, Separate)}
    assert own == {f"{there}-2", "arn:aws:s3:::" + "b" * 55 + "-apart-2"}


def test_one_trigger_that_two_loops_need_is_cheaper_than_two_others():
    world = World()
    queue, back = world.queue("jobs"), world.queue("back")
    first = world.function("first", allow("sqs:SendMessage", back), names=[back])
    second = world.function("second", allow("sqs:SendMessage", back), names=[back])
    again = world.function("again", allow("sqs:SendMessage", queue), names=[queue])
    world.listen(queue, first)
    world.listen(queue, second)
    world.listen(back, again)
    found = remedies(analyse(world.graph()))
    assert len(found) == 2
    for remedy in found.values():
        assert remedy.cuts[0].effort == Effort.SWITCH
        assert set(remedy.cuts[0].stops) == set(found)


def test_two_roles_that_may_write_the_same_lose_it_one_by_one():
    world = World()
    names = [f"f{number}" for number in range(3)]
    arns = [f"arn:aws:lambda:eu-west-1:111122223333:function:{name}" for name in names]
    for place, name in enumerate(names):
        other = arns[(place + 1) % 3]
        world.function(name, allow("lambda:InvokeFunction", other), names=[other])
    (option,) = only(world)[0].options
    assert isinstance(option.change, Forbid)


def crowded(number: int) -> World:
    """One queue with many functions, each of which puts its job back."""
    world = World()
    queue = world.queue("jobs")
    for each in range(number):
        world.listen(queue, world.function(f"f{each}", allow("sqs:SendMessage", queue)))
    return world


def test_many_edges_are_cut_by_a_heuristic_that_is_named_and_proved():
    world = crowded(30)
    found = remedies(analyse(world.graph()))
    cut = next(iter(found.values())).cuts[0]
    assert cut.method is Method.HEURISTIC
    assert is_safe_after(world.graph(), cut.options)
    assert len(cut.options) == 30


def test_it_says_of_which_loops_nothing_was_tried_alone():
    found = remedies(analyse(crowded(LOOPS + 2).graph()))
    noted = [remedy for remedy in found.values() if remedy.note]
    assert len(noted) == 2
    assert all(remedy.cuts and remedy.press_first is None for remedy in noted)
