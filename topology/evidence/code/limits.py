"""What a package may be at most, so that reading one can hurt nobody.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

UNZIPPED = 250 << 20  # bytes of a function and its layers together: Lambda's own limit
ZIPPED = UNZIPPED  # what is stored and not compressed may be as much
MEMBERS = 50_000
DIRECTORY = 32 << 20  # bytes
LONGEST_PATH = 512  # characters
DEEPEST_PATH = 60  # folders: node_modules within node_modules
RATIO = 200  # real bytes per packed byte; text has 3 to 20
SMALL = 1 << 20  # bytes that any member may unpack to, whatever the ratio
LAYERS = 5
KEPT = 64 << 20  # bytes of source held at once
MEMORY = 256 << 20  # bytes that the reading process may take
SECONDS = 60  # of a processor that reading one function may take
PATIENCE = 300  # seconds by the clock, however busy the machine is
ANSWER = 4 << 20  # bytes of what is told of one function


class PackageError(Exception):
    """A package that is not read. The message says why, in words, and quotes nothing of it."""
