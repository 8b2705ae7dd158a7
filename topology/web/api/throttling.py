"""How often somebody may call: a rate per token, person or address, shared through the cache."""

from __future__ import annotations

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

log = structlog.get_logger(__name__)


class PerCaller(SimpleRateThrottle):
    """Every call; nobody is kept out because the cache is away."""

    scope = "caller"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Whose calls are counted together."""
        if request.auth is not None:
            who = f"token-{request.auth.pk}"
        elif request.user.is_authenticated:
            who = f"person-{request.user.pk}"
        else:
            who = f"address-{self.get_ident(request)}"
        return f"calls-{self.scope}-{who}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the call; False where it is one too many."""
        try:
            return bool(super().allow_request(request, view))
        except (RedisError, OSError) as error:
            log.warning("calls are not counted", reason=type(error).__name__)
            return True


class Heavy(PerCaller):
    """Calls that work something out."""

    scope = "heavy"
