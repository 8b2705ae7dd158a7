import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        s3.copy_object(
            Bucket=os.environ["BUCKET"],
            Key=key,
            CopySource={"Bucket": record["s3"]["bucket"]["name"], "Key": key},
            MetadataDirective="REPLACE",
        )
