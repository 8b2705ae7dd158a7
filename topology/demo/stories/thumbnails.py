"""Healthy: photos in, thumbnails out, two buckets. Nothing it writes comes back."""

from topology.demo.shop import Shop, allow

REGION = "us-east-1"
EXPECTED = {"make-thumbnail": None}


def build(shop: Shop) -> None:
    """Bucket → make-thumbnail → another bucket."""
    photos = shop.bucket("acme-shop-photos")
    thumbnails = shop.bucket("acme-shop-thumbnails")
    role = shop.role(
        "make-thumbnail",
        allow("s3:GetObject", f"{photos}/*"),
        allow("s3:PutObject", f"{thumbnails}/*"),
    )
    function = shop.function("make-thumbnail", role, {"THUMBNAILS": "acme-shop-thumbnails"})
    shop.notify(photos, function, {"suffix": ".jpg"})
