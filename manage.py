#!/usr/bin/env python
"""The ``loopscope`` command, from a checkout."""

from config.console import main

if __name__ == "__main__":
    main()
