import os
import boto3


def handler(event, context):
    boto3.client(os.environ["SERVICE"]).put_object(Bucket="b", Key="k")
