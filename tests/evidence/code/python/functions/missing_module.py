import our_library


def handler(event, context):
    our_library.run(event)
