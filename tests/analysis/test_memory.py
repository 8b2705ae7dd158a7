"""An analysis is given back as soon as nobody holds it, without a search for garbage."""

from __future__ import annotations

import gc
import weakref

from tests.bench.organisation import organisation
from topology import garbage
from topology.analysis import analyse
from topology.graph import graph


def test_nothing_that_an_analysis_made_waits_for_the_collector():
    made = organisation(1200)
    with garbage.left_alone():
        known = graph(made.resources, made.edges)
        watched = weakref.ref(known)
        analysis = analyse(known)
        assert analysis.writes.writes
        del known, analysis
        assert watched() is None


def test_what_was_built_while_the_collector_rested_is_old_and_not_frozen():
    frozen = gc.get_freeze_count()
    with garbage.left_alone():
        built = [[number] for number in range(2000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen
    assert any(each is built for each in gc.get_objects(generation=2))
