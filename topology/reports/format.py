"""What a file of ``formats/`` declares: a name people choose, and a function over one value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from topology.reports.document import Document, legible
from topology.reports.network import Network
from topology.reports.svg import printable


class FormatError(ValueError):
    """The document cannot be had in this format; the message says why, and what to do."""


class Use(StrEnum):
    """What a format is for, in the order it is offered."""

    READING = "To read and to print"
    PIPELINES = "For pipelines and other tools"
    DRAWING = "Drawings and graphs"


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a report down. Equal documents give equal bytes.

    ``about`` says what it holds, as half a sentence. ``render`` may raise ``FormatError``.
    A format that draws can also write a whole moment's graph: ``draws`` gives its text in pieces.
    ``extra`` is what has to be installed for it (``loopscope[extra]``). ``is_exact`` formats carry
    any text; for the others what XML or UTF-8 cannot hold is replaced first.
    """

    name: str
    title: str
    use: Use
    about: str
    media_type: str
    extension: str
    render: Callable[[Document], str | bytes]
    draws: Callable[[Network], Iterator[str]] | None = None
    extra: str = ""
    is_exact: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether a terminal has no use for it."""
        return self.media_type in ("application/pdf", "image/png")

    def written(self, document: Document) -> bytes:
        """The document's bytes in this format; raises ``FormatError``."""
        made = self.render(document if self.is_exact else legible(document))
        return made if isinstance(made, bytes) else made.encode("utf-8")

    def streamed(self, network: Network) -> Iterator[bytes]:
        """A whole graph in this format, piece by piece; for formats that draw."""
        assert self.draws is not None  # noqa: S101 (only those are asked)
        for piece in self.draws(network):
            yield (piece if self.is_exact else printable(piece)).encode("utf-8")
