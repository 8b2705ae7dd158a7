import os
import boto3

QUEUE = os.environ.get("QUEUE_URL", "")
sqs, awslambda = boto3.client("sqs"), boto3.client("lambda")


def handler(event, context):
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="a")
    sqs.send_message_batch(QueueUrl=os.environ["QUEUE_URL"], Entries=[])
    awslambda.invoke(FunctionName="next", InvocationType="Event")
    boto3.client("stepfunctions").start_execution(stateMachineArn="arn:m")
    boto3.client("kinesis").put_record(StreamName="s", Data=b"", PartitionKey="1")
    boto3.client("firehose").put_record_batch(DeliveryStreamName="f", Records=[])
