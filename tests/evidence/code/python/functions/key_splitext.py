import os
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    stem, ending = os.path.splitext(key)
    s3.put_object(Bucket="b", Key=stem + ".json")
