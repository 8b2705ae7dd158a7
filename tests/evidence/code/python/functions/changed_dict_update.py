import boto3
def handler(e, _):
    dict.update(e, {"Records": [{"s3": {"object": {"key": "z"}}}]})
    boto3.client("s3").put_object(Bucket="b", Key=e["Records"][0]["s3"]["object"]["key"])
