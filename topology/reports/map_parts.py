"""What hangs together: components, and the communities of those too large to read or lay out whole.

Communities are Louvain's (Blondel et al. 2008), by networkx, from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import networkx as nx

LARGE = 150  # boxes beyond which a component is taken apart
SEED = 7


def parts(
    count: int, ties: Iterable[tuple[int, int]], large: int = LARGE, fineness: float = 1
) -> list[list[int]]:
    """The numbers ``0 … count-1`` in parts, each sorted, by first member. Equal input, equal parts.

    Near linear; a part is larger than ``large`` only where everything in it meets in few places.
    The higher ``fineness`` (Louvain's resolution), the more and smaller the communities.
    """
    tied: nx.Graph[int] = nx.Graph()
    tied.add_nodes_from(range(count))
    tied.add_edges_from(sorted(set(ties)))
    return sorted(sorted(part) for whole in _wholes(tied, large, fineness) for part in whole)


def _wholes(tied: nx.Graph[int], large: int, fineness: float) -> Iterator[list[set[int]]]:
    for component in nx.connected_components(tied):
        if len(component) <= large:
            yield [component]
            continue
        inside: nx.Graph[int] = nx.Graph()
        inside.add_nodes_from(sorted(component))
        inside.add_edges_from(sorted(tuple(sorted(pair)) for pair in tied.edges(component)))
        yield nx.community.louvain_communities(inside, resolution=fineness, seed=SEED)
