"""The harmless twin of price_lists: the trigger hears only *.csv, the role may write only *.json.

Blocked: no key is both.
"""

from topology.demo.shop import Shop, allow
from topology.verdict import LoopVerdict

REGION = "eu-west-1"
EXPECTED = {"feed-to-json": LoopVerdict.BLOCKED}


def build(shop: Shop) -> None:
    """Bucket → (suffix .csv) → feed-to-json → the same bucket, keys ending in .json."""
    bucket = shop.bucket("acme-shop-supplier-feeds")
    role = shop.role(
        "feed-to-json",
        allow("s3:GetObject", f"{bucket}/*"),
        allow("s3:PutObject", f"{bucket}/*.json"),
    )
    function = shop.function("feed-to-json", role, {"OUTPUT_BUCKET": "acme-shop-supplier-feeds"})
    shop.notify(bucket, function, {"suffix": ".csv"})
