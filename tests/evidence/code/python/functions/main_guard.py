import boto3
def handler(e, _):
    boto3.client("s3").put_object(Bucket="b", Key=e["Records"][0]["s3"]["object"]["key"])
if __name__ == "__main__":
    handler({"Records": []}, None)
