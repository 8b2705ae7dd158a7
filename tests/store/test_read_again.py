"""A Region that is read again renews itself alone: all else stays as old as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.store.observations import (
    BUCKETS,
    SMALL,
    account,
    bucket,
    gap,
    observation,
    publish,
    reads,
    staged_run,
)
from topology import store
from topology.graph import ReadStatus
from topology.models import ResourceVersion, Run, RunPart, packed

pytestmark = pytest.mark.django_db

HERE, THERE = "eu-west-1", "us-east-1"
MISSED = gap(BUCKETS, region=THERE)
UNREAD = reads(THERE, list_buckets=ReadStatus.NOT_READ)


def there(*names: str, **said):
    return observation([bucket(name) for name in names], region=THERE, **said)


def test_what_was_incomplete_elsewhere_stays_incomplete():
    publish(account(), SMALL, there(gaps=[MISSED], ledger=UNREAD))
    before = store.load(account().workspace)
    publish(account(), observation([bucket("new")]), regions=[HERE])
    loaded = store.load(account().workspace)
    assert loaded.gaps == before.gaps == (MISSED,)
    assert [each for each in loaded.reads if each.region == THERE] == sorted(UNREAD)
    assert {each.name for each in loaded.graph.resources.values()} == {"new"}
    assert loaded.stale == ()


def test_it_closes_the_gaps_of_its_own_region_and_makes_new_ones():
    publish(account(), SMALL, there(gaps=[MISSED], ledger=UNREAD))
    publish(account(), there("found"), regions=[THERE])
    loaded = store.load(account().workspace)
    assert loaded.gaps == ()
    assert {each.status for each in loaded.reads} == {ReadStatus.COMPLETE}
    assert len(loaded.reads) == len(reads(HERE)) + len(reads(THERE))


def test_the_reading_is_as_old_as_its_oldest_part():
    whole = publish(account(), SMALL, there("other"))
    long_ago = timezone.now() - timedelta(hours=5)
    RunPart.objects.filter(run=whole).update(started=long_ago, finished=long_ago)
    again = publish(account(), there("other"), regions=[THERE])
    loaded = store.load(account().workspace)
    assert loaded.read_from == long_ago
    assert loaded.read_to == again.parts.get().finished


def test_one_that_fails_makes_its_region_incomplete_and_no_other():
    publish(account(), SMALL, there("other"))
    run = staged_run(account(), there(), regions=[THERE])
    store.fail(run, "no credentials")
    loaded = store.load(account().workspace)
    assert [(each.region, each.reason) for each in loaded.gaps] == [(THERE, "no credentials")]
    assert [each.split(":")[0].endswith(THERE) for each in loaded.stale] == [True]
    assert {each.status for each in loaded.reads if each.region == HERE} == {ReadStatus.COMPLETE}
    publish(account(), SMALL, there("other"))
    assert store.load(account().workspace).gaps == ()


def test_it_is_no_whole_crawl_for_the_dead_man():
    mine = account()
    mine.schedule, mine.scheduled_since = "hourly", timezone.now() - timedelta(days=9)
    mine.save()
    publish(mine, SMALL, there("other"))
    Run.objects.update(finished=timezone.now() - timedelta(days=2))
    publish(mine, there("other"), regions=[THERE])
    assert len(store.late(mine.workspace)) == 1


def test_pruning_leaves_what_the_present_rests_on():
    publish(account(), SMALL, there("other"))
    publish(account(), there("other"), regions=[THERE])
    workspace = account().workspace
    before = store.load(workspace)
    store.save_analysis(workspace, before, packed({"loops": []}), [], packed({}))
    store.prune(workspace, timezone.now() + timedelta(days=1))
    assert store.load(workspace) == before
    assert ResourceVersion.objects.filter(valid_until=None).count() == 3
