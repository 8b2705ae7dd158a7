import boto3
from urllib.parse import unquote_plus

s3 = boto3.client("s3")


def handler(event, context):
    for r in event["Records"]:
        bucket, key = r["s3"]["bucket"]["name"], unquote_plus(r["s3"]["object"]["key"])
        s3.copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": bucket, "Key": key}, MetadataDirective="REPLACE")
