"""The classic (L1): CSV in, JSON out, same bucket. Every object it writes wakes it again.

Guarded: AWS's recursion guard follows S3 and Lambda, and cuts the chain after about 16 passes.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"csv-to-json": LoopVerdict.GUARDED}


def build(shop: Shop) -> None:
    """Bucket → csv-to-json → the same bucket, with no filter on the notification."""
    bucket = shop.bucket("acme-shop-price-lists")
    role = shop.role("csv-to-json", allow(["s3:GetObject", "s3:PutObject"], f"{bucket}/*"))
    function = shop.function("csv-to-json", role, {"OUTPUT_BUCKET": "acme-shop-price-lists"})
    shop.notify(bucket, function)
