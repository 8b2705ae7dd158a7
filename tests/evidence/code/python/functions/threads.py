from concurrent.futures import ThreadPoolExecutor
from threading import Thread
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    with ThreadPoolExecutor() as pool:
        pool.submit(s3.put_object, Bucket="b", Key="k").result()
    thread = Thread(target=s3.put_object, kwargs={"Bucket": "c", "Key": "l"})
    thread.start()
