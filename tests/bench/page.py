"""The table of the site's list of passages in a browser: how large it is, and how long one waits for it.

The site of the shipped study is built, its list copied over and over into the page, each row with words of its own, and
opened in Chromium: from the address to the first rows, and from a choice of a filter to its answer, by the clock.
Without playwright and Chromium nothing is measured, and that is said.
"""

import argparse
import functools
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
from growth import copies_of
from study import ROOT, copied

from analysis.report import explorer, passages, start
from analysis.study.paths import DEFAULT_CORPUS

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
ROWS = (1_254, 12_540, 30_096)  # a row per fragment and coder: the shipped list 1, 10 and 24 times
LOAD = 5.0  # seconds to the first rows: later, and one thinks that the page is broken
ANSWER = 1.0  # seconds to a filter's answer: later, and the thread of thought is lost
ROW = "{:<12}{:>8}{:>14}{:>14}{:>14}  {}"


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that keeps no log."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the files of a folder are served."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def built_site(work: Path) -> Path:
    """The site of the shipped study, built in a copy of the project."""
    home = copied(ROOT, sys.executable, work / "project").folder
    for command in ("all", "book"):
        subprocess.run(
            ["make", f"PYTHON={sys.executable}", "VENV=", command], cwd=home, check=True, stdout=subprocess.DEVNULL
        )
    return home / "results" / DEFAULT_CORPUS / "book"


def longer_page(html: str, n: int, listing: pd.DataFrame, material: passages.Material) -> str:
    """The page of passages with a list of at least `n` rows in the place of its own."""
    many = copies_of(listing, -(-n // len(listing)))
    many["gist"] = [f"{number}: {text}" for number, text in enumerate(many["gist"])]  # no cell as in another row
    rows = explorer.fragment_rows(many, explorer.quotation_cells(material, many), "consensus")
    filters = explorer.fragment_filters(material, listing)
    table = explorer.explorer_table("fragments", "Passages", explorer.fragment_headings("gist"), rows, filters)
    start_at, end_at = html.index('<div class="explorer'), html.index("</article>")
    return html[:start_at] + str(table) + html[end_at:]


def waits(browser: object, address: str) -> tuple[float, float, float]:
    """Seconds to the first rows, to the answer of a filter, and to that of a word looked for."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".explorer.ready #fragments tbody tr td")
    loaded = time.perf_counter() - began
    total = _total(page)
    began = time.perf_counter()
    page.select_option("#fragments-region", "Twente")
    page.locator(".dt-info").first.filter(has_not_text=total).wait_for()
    answered, fewer = time.perf_counter() - began, _total(page)
    began = time.perf_counter()
    page.fill(".dt-search input", "festival")
    page.locator(".dt-info").first.filter(has_not_text=fewer).wait_for()
    looked = time.perf_counter() - began
    page.close()
    return loaded, answered, looked


def _total(page: object) -> str:
    return page.locator(".dt-info").first.text_content()


def main() -> int:
    """Print the table; exit status 1 where a bound is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, help="a site of the shipped study that is built already")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    options = parser.parse_args()
    if not find_spec("playwright") or not CHROMIUM.is_file():
        print(f"playwright or {CHROMIUM} is not here: the page of passages is not measured")
        return 0
    from playwright.sync_api import sync_playwright

    material, held = passages.material(start(DEFAULT_CORPUS)), True
    listing = explorer.coding_rows(material)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        site = options.site or built_site(Path(name))
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(OPTIONS))
        html = (site / "fragments.html").read_text(encoding="utf-8")
        print(ROW.format("rows", "MB", "first rows", "a filter", "a word", ""))
        with served(site) as address:
            for n in options.rows:
                path = site / f"fragments-{n}.html"
                path.write_text(longer_page(html, n, listing, material), encoding="utf-8")
                took = waits(browser, address + path.name)
                size = path.stat().st_size / 1e6
                path.unlink()
                fits = took[0] <= LOAD and max(took[1:]) <= ANSWER
                remark = f"first rows <= {LOAD:.0f} s, answers <= {ANSWER:.0f} s: {'held' if fits else 'NOT HELD'}"
                print(ROW.format(f"{n:,}", f"{size:.1f}", *(f"{s:.2f} s" for s in took), remark), flush=True)
                held &= fits
        browser.close()
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
