import boto3


def save(client, bucket, key):
    client.put_object(Bucket=bucket, Key=key)


def handler(event, context):
    s3 = boto3.client("s3")
    for record in event["Records"]:
        save(s3, "b", key=record["s3"]["object"]["key"])
