import boto3


class Carrier(Exception):
    def __init__(self, client):
        self.client = client


def handler(event, context):
    try:
        raise Carrier(boto3.client("s3"))
    except Carrier as carrier:
        carrier.client.put_object(Bucket="b", Key="k")
