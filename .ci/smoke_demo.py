"""`make demo` as a newcomer runs it: it prints its loops, serves them, and Ctrl-C leaves nothing.

Run by .ci/run with the machine's own Python, before anything is installed.
"""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PORT = "8765"
INSTALLING_AND_CRAWLING = 300  # seconds
STOPPING = 20
READY = re.compile(rb"http://127\.0\.0\.1:" + PORT.encode())


def main() -> int:
    """0 when the demo behaved; 1, with the reason, when not."""
    began = time.monotonic()
    # A shell that runs us in the background has us ignore Ctrl-C, and our children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    demo = subprocess.Popen(
        ["make", "demo", f"PORT={PORT}"], stdout=subprocess.PIPE, start_new_session=True
    )
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(demo.pid, signal.SIGKILL))
    signal.alarm(INSTALLING_AND_CRAWLING)
    said = b""
    for line in demo.stdout:
        sys.stdout.buffer.write(b"  | " + line)
        sys.stdout.flush()
        said += line
        if READY.search(line):
            break
    else:
        return fail(f"it ended with {demo.wait()} before it said where it serves")
    print(f"make demo was ready after {time.monotonic() - began:.0f} s", flush=True)
    if b"live" not in said.lower():
        return fail("it printed no live loop")
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=20) as page:
        if page.status != 200:
            return fail(f"its first page answered {page.status}")
    os.killpg(demo.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    signal.alarm(STOPPING)
    rest = demo.stdout.read()  # ends when the last process that inherited it is gone
    signal.alarm(0)
    if demo.wait() == -signal.SIGKILL:
        return fail(f"it did not stop within {STOPPING} s of Ctrl-C")
    if b"Traceback" in said + rest:
        return fail(f"it stopped with a traceback:\n{rest.decode(errors='replace')}")
    if left := processes_here():
        return fail(f"it left these processes behind: {left}")
    print("make demo stopped cleanly")
    return 0


def processes_here() -> list[str]:
    """Command lines of processes, other than ours, that run from this checkout's environment."""
    ours = str(Path.cwd() / ".venv")
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if ours in command:
            found.append(command.strip())
    return found


def fail(why: str) -> int:
    print(f"make demo failed: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
