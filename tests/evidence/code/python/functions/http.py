import urllib.request


def handler(event, context):
    urllib.request.urlopen("https://s3.amazonaws.com/b/k")
