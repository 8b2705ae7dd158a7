"""The cases in every form in which they are deployed: see ``record``."""

from __future__ import annotations

from pathlib import Path

from tests.evidence.code.javascript.cases import idioms, keys, services

CASES = (*keys.CASES, *services.CASES, *idioms.CASES)
FORMS = Path(__file__).parent / "forms.json"
ENDS = {"ts": "ts", "plain": "mjs", "minified_module": "mjs"}  # js for the others
