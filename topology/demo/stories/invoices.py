"""The long way round (L4): S3 → SNS → SQS → Lambda → S3, with a prefix filter that helps little.

Guarded: a stamped invoice comes back if it is written under the prefix, and AWS follows each hop.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"stamp-invoice": LoopVerdict.GUARDED}


def build(shop: Shop) -> None:
    """Bucket → (prefix incoming/) → topic → queue → stamp-invoice → the whole bucket."""
    bucket = shop.bucket("acme-shop-invoices")
    topic = shop.topic("invoice-uploads")
    queue = shop.queue("invoices-to-stamp")
    role = shop.role(
        "stamp-invoice",
        allow(["s3:GetObject", "s3:PutObject"], f"{bucket}/*"),
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue),
        managed=True,
    )
    function = shop.function("stamp-invoice", role, {"INVOICE_BUCKET": "acme-shop-invoices"})
    shop.notify(bucket, topic, {"prefix": "incoming/"})
    shop.subscribe(topic, queue)
    shop.listen(function, queue)
