"""A stream that feeds itself (L10): each update of a customer's score is an update to score.

Live: the mapping has no filter, and AWS's guard does not follow DynamoDB.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"score-customer": LoopVerdict.LIVE}


def build(shop: Shop) -> None:
    """Table → stream → score-customer → the same table."""
    table, stream = shop.table("customers")
    role = shop.role(
        "score-customer",
        allow("dynamodb:UpdateItem", table),
        allow(["dynamodb:GetRecords", "dynamodb:GetShardIterator"], stream),
    )
    function = shop.function("score-customer", role, {"TABLE_NAME": "customers"})
    shop.listen(function, stream)
