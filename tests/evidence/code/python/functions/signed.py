import boto3
from botocore.auth import SigV4Auth


def handler(event, context):
    SigV4Auth(boto3.Session().get_credentials(), "s3", "us-east-1")
