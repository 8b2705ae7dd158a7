import json
import boto3


def handler(event, context):
    json.loads(event["body"]).apply(boto3.client("s3"))
