"""From one moment's graph to its loops, each with a verdict and the reason."""

from topology.analysis.analyse import Analysis, analyse
from topology.analysis.changes import changed, what_if
from topology.analysis.loops import Guard, Loop, LoopHop

__all__ = ["Analysis", "Guard", "Loop", "LoopHop", "analyse", "changed", "what_if"]
