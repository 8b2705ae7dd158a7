from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
import boto3

processor = BatchProcessor(event_type=EventType.SQS)


def one(record):
    boto3.client("sqs").send_message(QueueUrl="q", MessageBody=record.body)


def handler(event, context):
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)
