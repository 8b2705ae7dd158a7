import queue
import threading
import boto3

jobs = queue.Queue()


def work(q):
    client = q.get()
    client.put_object(Bucket="b", Key="k")


def handler(event, context):
    jobs.put(boto3.client("s3"))
    threading.Thread(target=work, args=(jobs,)).start()
