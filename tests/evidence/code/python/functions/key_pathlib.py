from pathlib import PurePosixPath
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    s3.put_object(Bucket="b", Key=str(PurePosixPath(key).with_suffix(".json")))
    s3.put_object(Bucket="b", Key=str(PurePosixPath("out") / PurePosixPath(key).name))
