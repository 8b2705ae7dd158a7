import functools
import boto3


def with_client(function):
    @functools.wraps(function)
    def inner(event, context):
        return function(event, context, boto3.client("s3"))

    return inner


@with_client
def handler(event, context, client):
    client.put_object(Bucket="b", Key="k")
