import requests


def handler(event, context):
    requests.put("https://b.s3.amazonaws.com/k", data=b"")
