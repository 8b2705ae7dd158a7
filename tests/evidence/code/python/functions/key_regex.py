import re
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for r in event["Records"]:
        s3.put_object(Bucket="b", Key=re.sub(r"\.csv$", ".json", r["s3"]["object"]["key"]))
