"""Requests over HTTP: what an environment names by its address."""

from __future__ import annotations

from tests.world import World
from topology.analysis import analyse
from topology.graph import Meaning
from topology.inference.writes import permitted_writes
from topology.verdict import LoopVerdict

ADDRESS = "https://a1b2.execute-api.eu-west-1.amazonaws.com"


def world(names=(ADDRESS,)):
    """A function behind an API, which may call that API."""
    shop = World()
    api, function = shop.http_api("a1b2"), shop.function("orders", names=names)
    shop.edge(ADDRESS, api, Meaning.FORWARDS, "apigw.address")
    shop.edge(api, function, Meaning.TRIGGERS, "apigw.http.lambda", "POST /orders")
    return shop


def test_a_function_may_call_the_api_in_front_of_it_without_any_permission():
    [loop] = analyse(world().graph()).loops
    assert loop.verdict is LoopVerdict.POSSIBLE
    [request] = [hop for hop in loop.hops if hop.edge.kind == "http.request"]
    assert request.edge.attributes == {"variable": "TARGET_1"}
    assert "names the address" in request.hop.because


def test_an_address_that_leads_nowhere_is_no_write():
    shop = World()
    shop.function("orders", names=["https://elsewhere.example"])
    assert permitted_writes(shop.graph()).writes == ()


def test_two_variables_of_one_address_are_one_edge():
    [write] = permitted_writes(world((ADDRESS, ADDRESS)).graph()).writes
    assert write.edge.label == "TARGET_1, TARGET_2"
