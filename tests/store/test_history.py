"""What became of things in time: a resource's versions, what changed, a loop's moments."""

from __future__ import annotations

import pytest

from tests.store.observations import account, bucket, function, notification, observation, publish
from topology import store
from topology.graph import Edge, Resource
from topology.models import packed
from topology.store.rows import identity_of

pytestmark = pytest.mark.django_db


def names(changes: list[store.Change[Resource]]) -> list[str]:
    return [f"{each.word} {each.thing.name}" for each in changes]


def labels(changes: list[store.Change[Edge]]) -> list[str]:
    return [f"{each.word} {each.thing.label}" for each in changes]


@pytest.fixture
def three_readings() -> None:
    """A function appears with its trigger, changes, and goes with it."""
    publish(account(), observation([bucket()]))
    publish(account(), observation([bucket(), function(timeout=3)], [notification()]))
    publish(account(), observation([bucket(), function(timeout=9)], [notification()]))
    publish(account(), observation([bucket("archive"), bucket()]))


@pytest.mark.usefixtures("three_readings")
class TestChanges:
    @pytest.mark.parametrize(
        ("since", "until", "resources", "edges"),
        [
            (1, 2, ["added thumb"], ["added csv-in"]),
            (2, 3, ["changed thumb"], []),
            (3, 4, ["removed thumb", "added archive"], ["removed csv-in"]),
            (1, 4, ["added archive"], []),
            (2, 4, ["removed thumb", "added archive"], ["removed csv-in"]),
            (4, 4, [], []),
        ],
    )
    def test_they_are_what_differs_between_two_moments(
        self, since: int, until: int, resources: list[str], edges: list[str]
    ) -> None:
        space = account().workspace
        changed, rewired = store.changes(space, since, until, 50)
        assert (names(changed), labels(rewired)) == (resources, edges)
        told = [[each.word for each in changed], [each.word for each in rewired]]
        for words, counted in zip(told, store.counts(space, since, until), strict=True):
            assert counted == store.Counts(*map(words.count, ("added", "removed", "changed")))

    def test_a_changed_one_says_what_it_was(self) -> None:
        [change], _ = store.changes(account().workspace, 2, 3, 50)
        assert change.before is not None
        assert (change.before.attributes["timeout"], change.thing.attributes["timeout"]) == (3, 9)

    def test_versions_of_one_resource_are_found_by_the_beginning_of_its_identity(self) -> None:
        seen = store.versions(account().workspace, identity_of(function().arn)[:12])
        assert [(each.first, each.last, each.until) for each in seen] == [(2, 2, 3), (3, 3, 4)]

    def test_moments_say_who_made_them_and_which_were_worked_out(self) -> None:
        space = account().workspace
        space.refresh_from_db()
        store.save_analysis(space, store.load(space, 3), packed({"loops": []}), [], packed({}))
        points = store.points(space, 3)
        assert [(each.moment, each.is_analysed) for each in points] == [
            (4, False),
            (3, True),
            (2, False),
        ]
        assert all(each.when and each.account for each in points)


def test_a_loop_is_known_by_the_moments_that_list_it() -> None:
    publish(account(), observation([bucket()]))
    publish(account(), observation([bucket(), function()]))
    space = account().workspace
    for moment, verdict in ((1, "possible"), (2, "live")):
        loops = [{"fingerprint": "ab" * 8, "verdict": verdict}]
        for _ in range(2):  # an equal analysis changes nothing
            store.save_analysis(
                space, store.load(space, moment), packed({"loops": loops}), loops, packed({})
            )
    assert store.loop_history(space, "ab" * 8) == [(1, "possible"), (2, "live")]
    assert store.loop_history(space, "cd" * 8) == [(1, ""), (2, "")]
    assert store.loops_at(space, 1) == {"ab" * 8: "possible"}
    assert store.analysed_before(space, 2) == 1
