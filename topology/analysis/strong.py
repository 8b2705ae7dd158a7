"""Strongly connected components of a directed graph whose nodes are numbers.

Numbers instead of objects: what is looked at once per edge of an organisation is an index into a
list. scipy does the same some fifteen times faster, once its arrays are made, and is not worth what
it weighs (docs/design.md, *What it costs*; ``make bench`` prints both).
"""

from __future__ import annotations

from collections.abc import Sequence


def labels(leaving: Sequence[Sequence[int]]) -> list[int]:
    """A number per node: equal for two nodes iff each reaches the other. Linear in the edges.

    ``leaving`` holds the targets of every node. A node that is alone keeps its own number, so that
    of most nodes nothing is written down; numbers have no order. Iterative, so that no chain is too
    long.

    Source: https://doi.org/10.1137/0201010 (Tarjan, 1972)
    """
    closed = len(leaving) + 1  # later than any node was seen
    # When a node was seen first. What is closed is never waited for, as what leads nowhere.
    seen = [0 if targets else closed for targets in leaving]
    label = list(range(len(leaving)))
    waiting: list[int] = []
    when = 0
    for root in range(len(leaving)):
        if seen[root]:
            continue
        when += 1
        seen[root] = first = lowest = when
        waiting.append(root)
        node, targets = root, iter(leaving[root])
        trail = []
        while True:
            for target in targets:
                then = seen[target]
                if not then:
                    trail.append((node, targets, first, lowest))
                    when += 1
                    seen[target] = first = lowest = when
                    waiting.append(target)
                    node, targets = target, iter(leaving[target])
                    break
                if then < lowest:
                    lowest = then
            else:
                if lowest == first:
                    seen[node] = closed
                    while (member := waiting.pop()) != node:
                        label[member], seen[member] = node, closed
                if not trail:
                    break
                below = lowest
                node, targets, first, lowest = trail.pop()
                if below < lowest:
                    lowest = below
    return label
