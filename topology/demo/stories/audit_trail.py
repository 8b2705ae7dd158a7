"""The auditor audits itself (L11): a catch-all rule hears the event its own target sends.

Live: AWS's guard does not follow EventBridge.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"record-event": LoopVerdict.LIVE}


def build(shop: Shop) -> None:
    """Bus → (any source) → record-event → the same bus."""
    bus = shop.bus("acme-shop")
    role = shop.role("record-event", allow("events:PutEvents", bus))
    function = shop.function("record-event", role, {"EVENT_BUS_NAME": "acme-shop"})
    shop.rule(bus, "audit-everything", {"source": [{"prefix": ""}]}, function)
