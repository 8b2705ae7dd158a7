import boto3

sqs = boto3.resource("sqs")


def handler(event, context):
    sqs.Queue("https://q").send_message(MessageBody="a")
    queue = sqs.get_queue_by_name(QueueName="jobs")
    queue.send_message(MessageBody="b")
    for message in queue.receive_messages():
        message.delete()
