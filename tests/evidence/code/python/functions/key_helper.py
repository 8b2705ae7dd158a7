import boto3

s3 = boto3.client("s3")


def out_key(key, new=".json"):
    return key.replace(".csv", new)


def handler(event, context):
    for record in event["Records"]:
        s3.put_object(Bucket="b", Key=out_key(record["s3"]["object"]["key"]))
