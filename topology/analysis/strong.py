"""Strongly connected components of a directed graph whose nodes are numbers.

Numbers instead of objects: what is looked at once per edge of an organisation is an index into a
list. scipy does the same some ten times faster and weighs 217 MB installed; this pass is a small
part of an analysis (``make bench`` prints both).
"""

from __future__ import annotations

from collections.abc import Sequence


def labels(leaving: Sequence[Sequence[int]]) -> list[int]:
    """A number per node: equal for two nodes iff each reaches the other. Linear in the edges.

    ``leaving`` holds the targets of every node. Iterative, so that no chain is too long.

    Source: https://doi.org/10.1137/0201010 (Tarjan, 1972)
    """
    closed = len(leaving) + 1  # later than any node was seen
    seen = [0] * len(leaving)  # when a node was seen first; what is closed is never waited for
    label = [-1] * len(leaving)
    waiting: list[int] = []
    when = number = 0
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
                    while True:
                        member = waiting.pop()
                        label[member], seen[member] = number, closed
                        if member == node:
                            break
                    number += 1
                if not trail:
                    break
                below = lowest
                node, targets, first, lowest = trail.pop()
                if below < lowest:
                    lowest = below
    return label
