"""VPC Lattice: functions as targets."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read
from topology.graph import Meaning

TARGETS = "vpc-lattice/list_targets.function"
ORDERS, UNUSED = items("vpc-lattice/list_target_groups.two")


def test_a_target_group_triggers_its_function():
    [edge] = edges(read(TARGETS, ORDERS))
    assert (edge.kind, edge.meaning) == ("lattice.lambda", Meaning.TRIGGERS)
    assert (edge.source, edge.target) == (ORDERS["arn"], arn("lambda", "function:orders"))
    assert not edge.dormant


def test_a_target_group_that_no_service_uses_is_dormant():
    [edge] = edges(read(TARGETS, UNUSED))
    assert edge.dormant == "no service uses it"
