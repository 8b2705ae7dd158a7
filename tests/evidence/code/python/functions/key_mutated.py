import boto3

s3 = boto3.client("s3")


def handler(event, context):
    record = event["Records"][0]
    record["s3"]["object"]["key"] = "a.csv"
    s3.put_object(Bucket="b", Key=event["Records"][0]["s3"]["object"]["key"])
