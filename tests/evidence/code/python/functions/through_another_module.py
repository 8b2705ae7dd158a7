import glob


def handler(event, context):
    glob.os.system("aws s3 cp /tmp/a s3://b/k")
