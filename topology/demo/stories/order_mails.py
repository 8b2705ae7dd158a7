"""Healthy: shipped orders become mails. The dead letters wait for a person, not for a function."""

from topology.demo.shop import Shop, allow

REGION = "us-east-1"
EXPECTED = {"mail-order": None}


def build(shop: Shop) -> None:
    """Topic → (shipped orders) → queue → mail-order, which writes to no channel."""
    topic = shop.topic("orders")
    dead = shop.queue("order-mails-dead-letters")
    queue = shop.queue("order-mails", dead_letters=dead)
    role = shop.role(
        "mail-order",
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue),
        allow("ses:SendEmail", "*"),
    )
    function = shop.function("mail-order", role, {"SENDER": "orders@acme-shop.example"})
    shop.subscribe(topic, queue, {"status": ["shipped"]})
    shop.listen(function, queue)
