import boto3


def handler(event: boto3.client("s3").put_object(Bucket="b", Key="k"), context):
    pass
