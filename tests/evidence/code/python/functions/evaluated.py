def handler(event, context):
    eval(event["code"])
