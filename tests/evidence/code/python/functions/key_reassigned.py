import boto3
import urllib.parse

client = boto3.client("s3")


def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    key = urllib.parse.unquote_plus(key)
    key = key.replace(".csv", ".json")
    key = "out/" + key
    client.put_object(Bucket="b", Key=key)
