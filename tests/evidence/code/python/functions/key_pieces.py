import boto3

s3 = boto3.client("s3")


def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    s3.put_object(Bucket="b", Key=key.split("/")[-1])
    s3.put_object(Bucket="b", Key=key.split("/")[0])
    s3.put_object(Bucket="b", Key=key.rsplit(".", 1)[0])
    _, _, rest = key.partition("/")
    s3.put_object(Bucket="b", Key=rest)
