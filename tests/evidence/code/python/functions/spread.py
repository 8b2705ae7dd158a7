import boto3

s3 = boto3.client("s3")


def handler(event, context):
    common = {"Bucket": "b"}
    s3.put_object(**common, Key="k")
