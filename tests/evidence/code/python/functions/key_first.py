import boto3


def handler(event, context):
    for r in event["Records"]:
        boto3.client("s3").put_object(Bucket="b", Key=r["s3"]["object"]["key"].replace(".csv", ".json", 1))
