"""A workspace whose account is a small world, read, published and analysed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from accounts.models import AwsAccount
from tests.store.observations import LIST, REGION, THEN, publish
from tests.web.scene import ACCOUNT, Scene
from tests.world import World, allow
from topology import runs
from topology.graph import Observation, Read, ReadStatus

NAUGHTY = "<img src=x onerror=\"document.title='canary'\"> {{7*7}} \u202egnp =1+1"


def retrying(world: World, others: str = "mail") -> dict[str, str]:
    """A function that puts its job back, a bus with a rule, and something of a hostile name."""
    queue, bus = world.queue("jobs"), world.bus("shop")
    work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
    mail = world.function(others)
    mapping = world.listen(queue, work)
    rule = world.rule(bus, mail, {"source": ["shop"]}, label="orders/1")
    odd = world.queue(NAUGHTY)
    world.listen(odd, mail)
    names = {"queue": queue, "bus": bus, "work": work, "mail": mail, "odd": odd}
    return names | {"mapping": mapping, "rule": rule}


def play(shop: Scene, build: Callable[[World], dict[str, str]] = retrying) -> dict[str, str]:
    """Publish and analyse a world in the shop's workspace; the names it is told by."""
    world = World()
    names = build(world)
    graph = world.graph()
    AwsAccount.objects.exclude(pk=shop.read.pk).delete()
    whole = Read(ACCOUNT, REGION, LIST, "some:list", ReadStatus.COMPLETE, 1, 1)
    publish(
        shop.read,
        Observation(
            ACCOUNT,
            REGION,
            THEN,
            THEN,
            tuple(replace(each, read=LIST) for each in graph.resources.values()),
            tuple(replace(each, read=LIST) for each in graph.edges),
            (),
            (whole,),
        ),
    )
    shop.workspace.refresh_from_db()
    runs.analyse_here(shop.workspace)
    return names
