"""Automatic redrive (L6): what fails is dead-lettered, sent back, and fails again.

Retry storm: the way round leads through the dead-letter queue, so it turns only while charges
fail. The payment key is a fake, here to show that no value of an environment is ever kept.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"charge-payment": None, "redrive-payments": LoopVerdict.RETRY_STORM}
CANARY = "canary-5c1d0b7e-not-a-real-key"


def build(shop: Shop) -> None:
    """Queue → charge-payment; after three failures → dead letters → redrive → the queue."""
    dead = shop.queue("payments-dead-letters")
    queue = shop.queue("payments", dead_letters=dead)
    receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    charge = shop.function(
        "charge-payment",
        shop.role("charge-payment", allow(receive, queue)),
        {"PAYMENT_API_KEY": CANARY},
    )
    redrive = shop.function(
        "redrive-payments",
        shop.role("redrive-payments", allow(receive, dead), allow("sqs:SendMessage", queue)),
        {"PAYMENTS_QUEUE": shop.queue_url(queue)},
    )
    shop.listen(charge, queue)
    shop.listen(redrive, dead)
