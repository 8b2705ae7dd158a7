"""How much work one question may take, so that no pattern can hang an analysis."""

from __future__ import annotations

STEPS = 20_000  # about 30 ms of pure Python on one 2024 server core


class TooComplex(Exception):  # noqa: N818 - an outcome of a question, not a fault
    """The answer would take more steps than allowed: treat it as unknown, never as empty."""


class Budget:
    """A number of steps several searches may share; ``spend`` raises when they are used up."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take ``steps`` off the budget; raise ``TooComplex`` when it does not hold them."""
        self.left -= steps
        if self.left < 0:
            raise TooComplex("too complex to decide within the step budget")
