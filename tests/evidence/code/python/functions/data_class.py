from dataclasses import dataclass
from typing import Any
import boto3


@dataclass
class Tools:
    s3: Any
    name: str = "b"


def handler(event, context):
    tools = Tools(boto3.client("s3"))
    tools.s3.put_object(Bucket="b", Key="k")
