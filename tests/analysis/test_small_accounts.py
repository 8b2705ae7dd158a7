"""Whole analyses of small accounts find the loops that there are; the benchmark tries 10,000."""

from __future__ import annotations

from tests.analysis import small_accounts


def test_the_loops_of_small_accounts_are_those_of_brute_force():
    assert sum(map(small_accounts.check, range(500))) > 1000
