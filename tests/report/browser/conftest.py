"""The site served on this machine, and a browser that looks at it."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
# Without the last three the browser asks its maker's hosts at every start.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


ALIKE = ("passage-", "claim-", "audit-")  # pages of one passage, claim or finding each: hundreds, all made alike


def pages_of_each_kind(folder: Path, step: int) -> list[str]:
    """The names of every page of a site; of those that are made alike one in `step`."""
    names = sorted(path.name for path in folder.glob("*.html"))
    alike = [name for name in names if name.startswith(ALIKE)]
    return [name for name in names if not name.startswith(ALIKE)] + alike[::step]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """A test's output is no log of requests."""


@pytest.fixture(scope="session")
def address(built_site: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(built_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[browser]")
    if not CHROMIUM.is_file():
        pytest.skip("no /usr/bin/chromium: apt-get install chromium")
    with api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        yield started
        started.close()


@pytest.fixture
def faults() -> list[str]:
    """What a page complained of or asked of other hosts; the page fixture fills it."""
    return []


@pytest.fixture
def page(browser: object, address: str, faults: list[str]) -> Iterator[object]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    opened = context.new_page()
    opened.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: _ours(request.url, address, faults))
    yield opened
    context.close()


def _ours(url: str, address: str, faults: list[str]) -> None:
    if not url.startswith((address, "data:", "blob:")):
        faults.append(f"asks {url}")
