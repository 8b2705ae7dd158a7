"""A queue as a timer (L5): the function sends itself the next message while stock is moving.

Guarded: AWS follows SQS and Lambda.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "us-east-1"
EXPECTED = {"recount-stock": LoopVerdict.GUARDED}


def build(shop: Shop) -> None:
    """Queue → recount-stock → the same queue."""
    queue = shop.queue("stock-recounts")
    role = shop.role(
        "recount-stock",
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue),
        allow("sqs:SendMessage", queue),
    )
    function = shop.function("recount-stock", role, {"QUEUE_URL": shop.queue_url(queue)})
    shop.listen(function, queue)
