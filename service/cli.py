"""The command line: `istikhraj serve | extract FILE | openapi | version`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from service import __version__
from service.errors import IstikhrajError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give the process's exit status."""
    parser = argparse.ArgumentParser(prog="istikhraj", description="Facts out of Arabic text.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer on HOST and PORT until told to stop")
    extract = commands.add_parser("extract", help="print the facts in one text as JSON")
    extract.add_argument("file", help="a UTF-8 text file, or - for standard input")
    extract.add_argument("--reference-date", help="when it was published (RFC 3339)")
    extract.add_argument("--region", help="where it was published (ISO 3166-1 alpha-2)")
    commands.add_parser("openapi", help="print the OpenAPI document")
    commands.add_parser("version", help="print the version")
    options = parser.parse_args(argv)
    try:
        match options.command:
            case "serve":
                return _serve()
            case "extract":
                return _extract(options)
            case "openapi":
                return _openapi()
            case _:
                print(__version__)
                return 0
    except IstikhrajError as error:
        return _fail(str(error))


def _fail(*faults: str) -> int:
    for fault in faults:
        print(f"istikhraj: {fault}", file=sys.stderr)
    return 2


# Each command imports what it needs: the fork server runs this module, and `version` should not wait for a web server.


def _serve() -> int:
    from service.forkserver import start_fork_server

    start_fork_server()

    from service.server import run
    from service.settings import read_settings

    return run(read_settings(os.environ))


def _extract(options: argparse.Namespace) -> int:
    import msgspec

    from service.api.problems import ProblemError
    from service.api.validation import query_of, shaped
    from service.schema import ExtractRequest
    from service.worker import load

    try:
        raw = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
        text = raw.decode()
        fields = {"text": text, "reference_date": options.reference_date, "region": options.region}
        query = query_of(shaped(fields, ExtractRequest), max_chars=len(text))
    except OSError as error:
        return _fail(f"{options.file}: {error.strerror}")
    except UnicodeDecodeError:
        return _fail(f"{options.file}: not UTF-8")
    except ProblemError as error:
        return _fail(*(f"{fault.pointer.removeprefix('/')} {fault.detail}" for fault in error.errors))
    answer = msgspec.json.encode(load()(query))
    print(msgspec.json.format(answer, indent=2).decode())
    return 0


def _openapi() -> int:
    from service.api.openapi import document

    sys.stdout.buffer.write(document())
    return 0


if __name__ == "__main__":
    sys.exit(main())
