"""Serve an empty AWS on a loopback port until standard input closes: ``python -m topology.demo 0``.

Source: https://docs.getmoto.org/en/latest/docs/server_mode.html
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from datetime import datetime
from threading import Thread

from topology.demo.emulator import HOST, LISTENING

OPENED = datetime(2026, 1, 2, 3, 4, 5, 678000)  # noqa: DTZ001 - the emulator's clock has no zone


def main(port: int) -> int:
    """Say the URL, or in one line why not, then serve until the parent closes the pipe or dies."""
    try:
        bound = socket.create_server((HOST, port))
    except OSError as error:
        return _refuse(f"port {port} of {HOST} cannot be used ({os.strerror(error.errno or 0)})")
    try:
        from moto.core.config import default_user_config
        from moto.dynamodb.models import table
        from moto.moto_api._internal import mock_random
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
        from werkzeug.serving import make_server

        from topology.demo.missing import Complete
    except ImportError as error:
        return _refuse(f"{error}; install the demo extra: pip install 'loopscope[demo]'")
    default_user_config["lambda"] = {"use_docker": False}  # functions are drawn, never run
    # The same account on every start, so that links to its loops outlive a restart: ids are drawn
    # from one seed, and streams are named after the moment they were switched on.
    mock_random.seed(0)
    table.utcnow = lambda: OPENED  # type: ignore[attr-defined]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        HOST,
        bound.getsockname()[1],
        Complete(DomainDispatcherApplication(create_backend_app)),
        threaded=True,
        request_handler=MotoRequestHandler,
        fd=bound.fileno(),
    )
    Thread(target=server.serve_forever, daemon=True).start()
    _say(f"{LISTENING}http://{HOST}:{server.port}")
    sys.stdin.buffer.read()
    os._exit(0)  # a request in flight must not keep the process


def _refuse(why: str) -> int:
    _say(why)
    return 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
