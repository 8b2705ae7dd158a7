import boto3

clients = {"s3": boto3.client("s3"), "sqs": boto3.client("sqs")}


def handler(event, context):
    clients["s3"].put_object(Bucket="b", Key="k")
    clients.get("sqs").send_message(QueueUrl="q", MessageBody="")
