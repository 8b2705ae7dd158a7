import boto3


def handler(event, context):
    sorted([boto3.client("s3")], key=lambda client: client.put_object(Bucket="b", Key="k"))
