"""How a view becomes a part of the OpenAPI document."""

from __future__ import annotations

import re

from drf_spectacular.openapi import AutoSchema


class ApiSchema(AutoSchema):
    """``get_one_loop``: an operation is called by its method and its view."""

    def get_operation_id(self) -> str:
        """What generated clients call it."""
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self.view).__name__)
        return f"{self.method}_{name}".lower()
