"""`python -m book.serve 8000`: show build/book/ to this machine alone."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "build/book"


class Handler(SimpleHTTPRequestHandler):
    """Serve each file with its type: browsers run no module sent as plain text."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".woff": "font/woff",
        ".whl": "application/zip",
        ".zip": "application/zip",
        ".ipynb": "application/x-ipynb+json",
    }

    def log_message(self, *words):
        """A line for each file would hide the address."""


def server(port, folder=FOLDER):
    """A server of the folder at 127.0.0.1; port 0 takes a free one."""
    return ThreadingHTTPServer(
        ("127.0.0.1", port), partial(Handler, directory=str(folder))
    )


def main(port):
    """Serve until Ctrl-C."""
    with server(port) as serving:
        address = "http://{}:{}/".format(*serving.server_address)
        print(f"the book is at {address} (Ctrl-C ends it)", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000)
