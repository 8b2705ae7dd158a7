import boto3

s3 = boto3.client("s3")


def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    s3.put_object(Bucket="b", Key="a/{}.{ending}".format(key, ending="x"))
    s3.put_object(Bucket="b", Key="b/%s" % key)
    s3.put_object(Bucket="b", Key="%s-%s" % (key, "c"))
