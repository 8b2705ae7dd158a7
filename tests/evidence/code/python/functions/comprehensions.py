import boto3

s3 = boto3.client("s3")


def handler(event, context):
    [s3.put_object(Bucket="b", Key=key) for key in ("a", "b")]
    (lambda client: client.put_object(Bucket="b", Key="z"))(s3)
