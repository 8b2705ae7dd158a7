import boto3

s3 = boto3.client("s3")


def handler(event, context):
    given = {"Bucket": "b", "Key": "k"}
    given["Key"] = event["x"]
    s3.put_object(**given)
