"""``make bench``: run every benchmark of this folder, one after the other."""

from __future__ import annotations

import pkgutil
import runpy

import tests.bench

for found in pkgutil.iter_modules(tests.bench.__path__):
    if found.name.startswith("bench_"):
        print(f"\n== {found.name.removeprefix('bench_')}", flush=True)
        runpy.run_module(f"tests.bench.{found.name}", run_name="__main__")
