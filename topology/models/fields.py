"""A column that holds JSON of any names, the same in every database."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from topology.graph import canonical_json


class CanonicalJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON as canonical ASCII text: the same bytes in every database, and any name survives.

    PostgreSQL's own type refuses NUL and lone surrogates, which names from AWS may hold.
    """

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def get_prep_value(self, value: Any) -> str:
        """The value as a column takes it."""
        return canonical_json(value)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        """The value as it was given."""
        return None if value is None else json.loads(value)
