"""Switched off: the retry queue would feed itself, were its event source mapping enabled.

Blocked: a disabled mapping takes nothing from the queue.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "us-east-1"
EXPECTED = {"send-newsletter": LoopVerdict.BLOCKED}


def build(shop: Shop) -> None:
    """Queue → (disabled) → send-newsletter → the same queue."""
    queue = shop.queue("newsletter-retries")
    role = shop.role("send-newsletter", allow("sqs:*", queue))
    function = shop.function("send-newsletter", role, {"RETRY_QUEUE": shop.queue_url(queue)})
    shop.listen(function, queue, enabled=False)
