import boto3


def save(key, *, client=boto3.client("s3")):
    client.put_object(Bucket="b", Key=key)


def handler(event, context):
    save("k")
