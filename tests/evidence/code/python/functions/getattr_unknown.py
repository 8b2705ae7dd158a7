import boto3


def handler(event, context):
    getattr(boto3.client("s3"), event["operation"])(Bucket="b", Key="k")
