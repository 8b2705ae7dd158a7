import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="b"):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket="b", Key=found["Key"])
    s3.get_waiter("object_exists").wait(Bucket="b", Key="k")
