"""What one reading of a function's code found: calls of AWS, and whether they are all there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from topology.sets.recipes import Anything, Recipe


@dataclass(frozen=True, slots=True)
class CodeCall:
    """A call of AWS in the code. Texts are recipes: nothing of the code itself is kept.

    ``service`` is boto's name of the client (``s3``, ``events``, ``stepfunctions``), ``operation``
    the API's (``PutObject``). ``target`` is what names the resource that is acted on (a bucket's
    name, a queue's URL, a topic's ARN, a table's name), ``key`` the object's key. ``fields`` are
    further parameters that decide what is raised: an event's ``Source`` and ``DetailType``.
    ``guarded`` says in words which condition on its input the code makes first, and where.
    ``is_reached``: in a module that the handler's module imports, directly or not.
    """

    file: str
    line: int
    service: str
    operation: str
    target: Recipe = field(default_factory=Anything)
    key: Recipe | None = None
    fields: tuple[tuple[str, Recipe], ...] = ()
    guarded: str = ""
    is_reached: bool = True


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something because of which there may be more calls than were found."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found. Without ``doubts`` the calls are all that the code can make.

    ``uses`` are what it was seen to use against running twice: ``idempotency``, ``batch``.
    ``sdk`` is the AWS SDK in the package with its version (empty: the runtime's own).
    ``hints`` are services named by text alone, in languages that are not parsed.
    """

    language: str
    files: int
    calls: tuple[CodeCall, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    uses: tuple[str, ...] = ()
    sdk: tuple[str, str] = ("", "")
    hints: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether these are all the calls that the code can make."""
        return not self.doubts
