import os, boto3
from urllib.parse import unquote_plus

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        s3.put_object(Bucket=os.environ["BUCKET"], Key=key.replace(".csv", ".json"), Body=b"")
