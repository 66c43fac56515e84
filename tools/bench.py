#!/usr/bin/env python3
"""``make bench [NAME …]``: run the benchmarks of tests/bench, each a program with its own servers.

A benchmark is a file whose ``main()`` returns 0 when its bars hold. Figures depend on the machine; the
bars are ratios within one run.
"""

# ruff: noqa: S603, T201 - a script of its own, which runs programs and talks

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BENCHMARKS = PROJECT / "tests" / "bench"


def main(wanted: list[str]) -> int:
    """Run the named benchmarks, all without a name; the status is 1 if one missed its bars."""
    found = {
        path.stem: path
        for path in sorted(BENCHMARKS.glob("[!_]*.py"))
        if "conftest" not in path.name
    }
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(found)}.")
        return 2
    missed = []
    for name in wanted or found:
        print(f"== {name}", flush=True)
        argv = (
            sys.executable,
            "-m",
            "portal.embedded",
            sys.executable,
            "-m",
            f"tests.bench.{name}",
        )
        if subprocess.run(argv, cwd=PROJECT, check=False).returncode:
            missed.append(name)
    if missed:
        print(f"Missed: {', '.join(missed)}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
