import ctypes


def handler(event, context):
    ctypes.CDLL("/opt/lib.so").put()
