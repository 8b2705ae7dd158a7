import boto3

s3 = boto3.client("s3")


def handler(event, context):
    detail = event["detail"]
    s3.put_object(Bucket=detail["bucket"]["name"], Key="x/" + detail["object"]["key"])
