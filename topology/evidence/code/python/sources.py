"""A file of Python as a tree, where it is small and shallow enough to be parsed here.

Source: https://docs.python.org/3/reference/lexical_analysis.html
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

MAX_FILE = 400_000  # bytes
DEEPEST = 90  # brackets within each other
LONGEST = 40_000  # characters of one line
# What may hold brackets that open nothing; the longer quotes come first.
TOKENS = re.compile(
    r"#[^\n]*|'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\""
    r"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|[(\[{]|[)\]}]",
    re.DOTALL,
)


class UnparsableError(ValueError):
    """A file that cannot be read, with the reason and its line."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(eq=False, slots=True)
class Source:
    """A module: its file, its dotted name, its tree."""

    path: str
    name: str
    tree: ast.Module
    _has_own_word: bool = False

    def __post_init__(self) -> None:
        self._has_own_word = any(map(_binds_word, ast.walk(self.tree)))

    @property
    def is_package(self) -> bool:
        """Whether names without a leading dot are relative to itself."""
        return self.path.endswith("__init__.py")

    def is_never(self, test: ast.expr) -> bool:
        """Whether what stands under a condition is for type checkers or scripts alone."""
        match test:
            case (
                ast.Name(id="TYPE_CHECKING")
                | ast.Attribute(value=ast.Name(id="typing"), attr="TYPE_CHECKING")
                | ast.Compare(
                    left=ast.Name(id="__name__"),
                    ops=[ast.Eq()],
                    comparators=[ast.Constant(value="__main__")],
                )
            ):
                return not self._has_own_word
        return False


def _binds_word(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="TYPE_CHECKING" | "typing" | "__name__", ctx=ast.Store()):
            return True
        case ast.Attribute(attr="TYPE_CHECKING" | "__name__", ctx=ast.Store()):
            return True
        case ast.ImportFrom(module=module, names=names):
            given = {alias.asname or alias.name for alias in names}
            is_typing = module in ("typing", "typing_extensions")
            return not is_typing and bool(given & {"TYPE_CHECKING", "typing", "__name__", "*"})
    return False


def parsed(path: str, name: str, raw: bytes) -> Source:
    """The module in a file. Raises ``UnparsableError``, and nothing else."""
    if len(raw) > MAX_FILE:
        raise UnparsableError("is too large to be read")
    text = _decoded(raw)
    _check_shape(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        reason = "is not in the syntax of the Python that reads it"
        raise UnparsableError(reason, error.lineno or 0) from None
    except (RecursionError, MemoryError):
        raise UnparsableError("is nested too deep to be read") from None
    except ValueError:
        raise UnparsableError("holds characters that no code may hold") from None
    return Source(path, name, tree)


def _decoded(raw: bytes) -> str:
    if b"\0" in raw:
        raise UnparsableError("holds characters that no code may hold")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        raise UnparsableError("is in an encoding that is not known or not kept to") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_shape(text: str) -> None:
    """Refuse what the parser, which calls itself for every level, would take its stack for."""
    if max(map(len, text.split("\n"))) > LONGEST:
        raise UnparsableError("has lines too long to be read")
    depth = 0
    for token in TOKENS.finditer(text):
        sign = token.group()[0]
        depth += (sign in "([{") - (sign in ")]}")
        if depth > DEEPEST:
            raise UnparsableError("is nested too deep to be read", text.count("\n", 0, token.end()))
