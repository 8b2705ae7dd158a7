import boto3

_client = None


def client():
    global _client
    if _client is None:
        _client = boto3.client("s3")
    return _client


def handler(event, context):
    client().put_object(Bucket="b", Key="k")
