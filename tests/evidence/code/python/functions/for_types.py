from __future__ import annotations
from typing import TYPE_CHECKING
import boto3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    import nowhere

s3: S3Client = boto3.client("s3")


def handler(event: dict[str, object], context: object) -> None:
    s3.put_object(Bucket="b", Key="k")
