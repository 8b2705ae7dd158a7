"""Runs small functions with an SDK that only writes down what is called: the truth to read against.

Run as a script with programs in JSON on its input; prints what each called.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

KEY = "in/a+b.csv"
EVENT = {"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": KEY, "size": 1}}}]}

MOST, PATIENCE = 20, 0.5  # calls and seconds of one program: some go on for ever
Called = list[tuple[str, str, Any]]


def called_by(programs: Sequence[str]) -> list[Called]:
    """For every program the service, method and key of all that it calls, in a process apart."""
    done = subprocess.run(
        [sys.executable, "-I", __file__],
        input=json.dumps([*programs]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [[(s, m, k) for s, m, k in each] for each in json.loads(done.stdout.splitlines()[-1])]


def _run(source: str) -> list[tuple[str, str, Any]]:
    import types

    called: list[tuple[str, str, Any]] = []

    class Asked:
        def __init__(self, service: str, name: str) -> None:
            self.service, self.name = service, name

        def __call__(self, *_: Any, **given: Any) -> dict[str, Any]:
            if len(called) < MOST:
                called.append((self.service, self.name, given.get("Key")))
            for each in given.values():
                if callable(each):
                    each(1)
            return {}

    class Client:
        def __init__(self, service: str) -> None:
            self._service = service

        def __getattr__(self, name: str) -> Any:
            if name == "meta":
                return types.SimpleNamespace(client=self)
            if name.startswith("__") or name in ("close", "Table", "Bucket"):
                return (lambda *_: self) if name in ("Table", "Bucket", "close") else None
            return Asked(self._service, name)

    class Session:
        def client(self, service_name: str, **_: Any) -> Client:
            return Client(service_name)

        resource = client

    sdk: Any = types.ModuleType("boto3")
    sdk.client = sdk.resource = lambda service_name, **_: Client(service_name)
    sdk.Session, sdk.setup_default_session, sdk.DEFAULT_SESSION = Session, lambda: None, Session()
    session: Any = types.ModuleType("boto3.session")
    session.Session = Session
    sdk.session = session
    sys.modules.update({"boto3": sdk, "boto3.session": session})
    module: Any = types.ModuleType("app")
    sys.modules["app"] = module
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        exec(compile(source, "app.py", "exec"), module.__dict__)
        module.handler(json.loads(json.dumps(EVENT)), types.SimpleNamespace(function_name="f"))
    except Exception as error:  # noqa: BLE001 - whatever programs made at random raise
        sys.stderr.write(f"{error!r}\n")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return called


def _give_up(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _give_up)
    kept = sys.stdout
    sys.stdout = sys.stderr
    found = [_run(source) for source in json.loads(sys.stdin.read())]
    kept.write("\n" + json.dumps(found) + "\n")
