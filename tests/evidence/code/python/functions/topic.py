import os
import boto3


def handler(event, context):
    boto3.client("sns").publish(TopicArn=os.getenv("TOPIC"), Message="a")
    boto3.resource("sns").Topic("arn:t").publish(Message="b")
    boto3.client("sns").publish_batch(TopicArn="arn:u", PublishBatchRequestEntries=[])
