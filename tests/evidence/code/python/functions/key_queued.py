import json
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for message in event["Records"]:
        inner = json.loads(message["body"])
        for record in inner["Records"]:
            s3.put_object(Bucket="b", Key=record["s3"]["object"]["key"].replace(".csv", ".json"))
