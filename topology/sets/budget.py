"""How much work one question may take, so that no pattern can hang an analysis."""

from __future__ import annotations

STEPS = 2_000  # about 25 ms of pure Python on one 2024 server core


class TooComplex(Exception):  # noqa: N818 - an outcome of a question, not a fault
    """The answer would take more steps than allowed: treat it as unknown, never as empty."""


class Budget:
    """A number of steps that several searches share."""

    def __init__(self, steps: int = STEPS, within: Budget | None = None) -> None:
        self.left = steps
        self.within = within

    def spend(self, steps: int) -> None:
        """Take ``steps`` off the budget; raise ``TooComplex`` when it does not hold them."""
        self.left -= steps
        if self.within:
            self.within.spend(steps)
        if self.left < 0:
            raise TooComplex("the patterns are too complex")

    def portion(self, of: int) -> Budget:
        """A budget of one part in ``of`` of what is left; what is spent of it is spent of both."""
        return Budget(self.left // of, self)
