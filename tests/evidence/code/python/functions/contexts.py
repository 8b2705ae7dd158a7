from contextlib import contextmanager
import boto3


@contextmanager
def opened():
    client = boto3.client("s3")
    try:
        yield client
    finally:
        client.close()


def handler(event, context):
    with opened() as client:
        client.put_object(Bucket="b", Key="k")
