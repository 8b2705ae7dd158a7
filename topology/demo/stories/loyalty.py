"""Too wide a role: the function may write any table, so also the one whose stream wakes it.

Possible: only a wildcard says so; nothing names the table as a place it writes.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"sync-loyalty-points": LoopVerdict.POSSIBLE}


def build(shop: Shop) -> None:
    """Table → stream → sync-loyalty-points → any table."""
    _, stream = shop.table("loyalty-points")
    access = allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], "*")
    role = shop.role("sync-loyalty-points", access, managed=True)
    function = shop.function("sync-loyalty-points", role)
    shop.listen(function, stream)
