import boto3


def handler(event, context):
    boto3.client("s3")._make_api_call("PutObject", {"Bucket": "b", "Key": "k"})
