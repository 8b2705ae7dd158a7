"""The built-in demo: acme-shop, a small AWS account that holds every verdict a loop may get."""

from topology.demo.account import DEMO_REGIONS, environment, expected, seed
from topology.demo.emulator import DemoError, Emulator, serve

__all__ = ["DEMO_REGIONS", "DemoError", "Emulator", "environment", "expected", "seed", "serve"]
