type Key[T] = dict[str, T]


def handler(event, context):
    print(f"{event["a"]}")
