import boto3

s3 = boto3.client("s3")


def handler(event, context):
    obj = event["Records"][0]["s3"]["object"]
    prefix = "big/" if obj["size"] > 10 else "small/"
    for prefix in (prefix,):
        pass
    s3.put_object(Bucket="b", Key=("big/" if obj["size"] > 10 else "small/") + obj["key"])
