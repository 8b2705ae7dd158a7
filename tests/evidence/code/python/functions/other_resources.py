import boto3


def handler(event, context):
    boto3.resource("ec2").Instance("i-1").stop()
