"""Requests over HTTP: what an environment names by its address, and no permission decides.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from topology.graph import Edge, Evidence, Graph, Meaning, Resource
from topology.inference.permitted import PermittedWrite
from topology.inference.sessions import Session
from topology.sets.events import EventSet
from topology.verdict import Unknown

KIND = "http.request"


class Requests:
    """The addresses of a graph that lead on, joined with the actors whose environment names one."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """One edge to every address that an actor's environment names."""
        if session.role != actor.attributes.get("role"):
            return  # another version's: it has the same environment
        named: dict[str, list[str]] = defaultdict(list)
        for mention in actor.attributes.get("environment", ()):
            if mention["names"].startswith("https://") and mention["names"] in self._graph.leaving:
                named[mention["names"]].append(mention["variable"])
        for address, variables in named.items():
            variable = ", ".join(sorted(variables))
            edge = Edge(
                actor.arn,
                address,
                Meaning.WRITES,
                KIND,
                Evidence.CONFIGURED,
                label=variable,
                attributes={"variable": variable},
            )
            because = (
                f"The environment variable `{variable}` of *{actor.name}* names the address; "
                "whether and what it sends there, no permission says."
            )
            yield PermittedWrite(edge, Unknown(because), EventSet.anything)
