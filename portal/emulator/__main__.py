"""``python -m portal.emulator``: the emulator without Django."""

import argparse
import sys

from portal.emulator import cli


def main() -> None:
    parser = argparse.ArgumentParser(prog="emulator", description="Partner Center, emulated.")
    cli.add_arguments(parser)
    cli.run(vars(parser.parse_args()), lambda line: print(line, file=sys.stdout, flush=True))  # noqa: T201


main()
