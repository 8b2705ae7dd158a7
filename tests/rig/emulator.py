"""The emulator every test shares: moto and what it lacks, as the demo serves it, in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from topology.demo.missing import Complete


@contextmanager
def serving() -> Iterator[str]:
    """Serve on a free loopback port; the endpoint's URL."""
    server = make_server(
        "127.0.0.1",
        0,
        Complete(DomainDispatcherApplication(create_backend_app)),
        threaded=True,
        request_handler=MotoRequestHandler,
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
