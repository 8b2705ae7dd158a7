import boto3
d = {"a": boto3.client("s3"), "b": boto3.client("sns")}
del d["a"]
def handler(e, _):
    d["b"].publish(TopicArn="t")
