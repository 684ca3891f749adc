"""Hostile strings in every text column of every table: every kind of page is opened, and nothing runs or breaks."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.report import site
from analysis.report.run import Run
from analysis.report.site import build
from tests.report.browser.conftest import Quiet, pages_of_each_kind

pytestmark = pytest.mark.browser
# Each would set window.PWN, build something, or end a block, were it taken for more than text.
HOSTILE = (
    "<img src=x onerror='window.PWN=1'>",
    "<script>window.PWN=2</script>",
    "<svg onload=window.PWN=3></svg>",
    '"><a href="javascript:window.PWN=4">x</a>',
    "{include}`/etc/passwd`",
    "**Zee**land _x_ `y` $z$ [a](b) ![c](d)",
    "# head\n```{code-cell}\nimport os\n```",
    "``````\n<script>window.PWN=5</script>\n``````",
    "{{ 7*7 }} {% for x in y %} $name",
    "</td></tr></table></script><script src='data:text/javascript,window.PWN=6'></script>",
    "]]><!-- --> &lt;b&gt; &#60;i&#62; \\ | ~~~ ::: --- 1. x",
    "\u202egnp.exe\u2066 \x1b[31mred",
)
KEYS = {"fragment", "document", "passage", "coder", "id", "n", "parent"}  # what a schema limits to plain letters
CODES = {"regime", "value", "regimes", "values", "stance", "stance_by", "process", "role", "kind", "section", "cue"}
CODES |= {"verdict", "rests_on", "judged_with", "by_chance", "severity"}  # of the ledgers: no text, but one of a list
CODES |= {"support", "survival", "least_kappa", "agreement"}  # and numbers


def hostile(table: pd.DataFrame, start: int = 0) -> tuple[pd.DataFrame, int]:
    """`table` with a hostile string in the text columns of every row, no two columns the same; and how many columns."""
    texts = [name for name in table if name not in KEYS | CODES and not pd.api.types.is_numeric_dtype(table[name])]
    table = table.copy()
    for number, name in enumerate(texts):
        table[name] = [
            f"{HOSTILE[(start + number + row) % len(HOSTILE)]}" if str(cell) not in ("", "nan", "<NA>") else cell
            for row, cell in enumerate(table[name].astype(object))
        ]
    return table, len(texts)


def hostile_region(name: str) -> str:
    return f"{name} {HOSTILE[sum(map(ord, name)) % len(HOSTILE)]}" if name else name


@pytest.fixture(scope="module")
def hostile_address(site_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, int]]:
    """The address and folder of a site whose tables are hostile, and how many columns were made so."""
    read, places = site.read_site(site_run), site_run.corpus.places
    material, n = read.material, 0
    tables = {}
    for name, table in (("fragments", material.fragments), ("hits", material.hits), ("codes", material.codes)):
        region = table["region"].map(hostile_region) if "region" in table else None
        tables[name], columns = hostile(table)
        if region is not None:
            tables[name]["region"] = region
        n += columns
    material = replace(material, **tables, own_region=hostile_region(material.own_region))
    listing, columns = hostile(read.listing)
    listing["region"] = read.listing["region"].map(hostile_region)
    listing["page"] = read.listing["page"]
    n += columns
    for name in ("ledger", "findings", "claims"):
        tables[name], columns = hostile(getattr(read, name), n)
        n += columns
    tables["ledger"]["region"] = read.ledger["region"].map(
        lambda name: hostile_region(name) if isinstance(name, str) else name
    )
    tables["findings"]["codes"], tables["findings"]["fragments"] = read.findings["codes"], read.findings["fragments"]
    evil = replace(
        read,
        material=material,
        listing=listing,
        wordings=site.quotation_cells(material, listing),
        **{name: tables[name] for name in ("ledger", "findings", "claims")},
    )
    figures = tmp_path_factory.mktemp("figures")
    shutil.copytree(places.results, figures / "results")
    alt = pd.DataFrame({"figure": ["03-regimes", "04-heatmap"], "title": HOSTILE[:2], "alt": HOSTILE[1:3]})
    alt.to_csv(figures / "results" / "figures" / "alt.csv", index=False)
    run = replace(site_run, corpus=replace(site_run.corpus, places=replace(places, results=figures / "results")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "read_site", lambda _: evil)
        folder = build(run).parent
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", folder, n + 2
        server.shutdown()


def test_no_page_of_a_hostile_site_runs_what_a_table_says(browser: object, hostile_address: tuple[str, Path, int]):
    address, folder, n_columns = hostile_address
    assert n_columns > 30
    names = sorted(path.name for path in folder.glob("*.html"))
    kinds = {name.partition("-")[0].removesuffix(".html") for name in names}
    assert {
        "region",
        "regime",
        "fragments",
        "claims",
        "audit",
        "figures",
        "codebook",
        "passages",
        "01_extract",
    } <= kinds
    context = browser.new_context(base_url=address)
    page = context.new_page()
    for name in pages_of_each_kind(folder, 7):  # of twelve strings in turn, each comes on some page of each kind
        page.goto(name)
        page.wait_for_load_state("load")
        assert page.evaluate("window.PWN") is None, name
        article = (
            "document.querySelectorAll('article [onerror], article svg[onload], article a[href^=javascript]').length"
        )
        assert page.evaluate(article) == 0, name
    context.close()


def test_a_hostile_name_is_read_as_it_stands(browser: object, hostile_address: tuple[str, Path, int]):
    address, folder, _ = hostile_address
    context = browser.new_context(base_url=address)
    page = context.new_page()
    heads = []
    for path in sorted(folder.glob("region-*.html")):
        page.goto(path.name)
        heads.append(page.locator("article h1").first.inner_text())
    context.close()
    assert len(heads) == 15
    assert any(
        "<img src=x onerror='window.PWN=1'>" in head or "<script>window.PWN=2</script>" in head for head in heads
    )
    assert all(len(head) > 10 for head in heads)


def test_a_script_that_stands_in_a_page_after_all_does_not_run(browser: object, address: str, built_site: Path):
    """The policy is the second lock: a page with a script and a handler written into it runs neither."""
    text = (built_site / "regions.html").read_text(encoding="utf-8")
    assert (
        "Content-Security-Policy" in text and "'unsafe-inline'" not in text.partition("script-src")[2].partition(";")[0]
    )
    evil = text.replace("</article>", "<img src=x onerror='window.PWN=1'><script>window.PWN=2</script></article>", 1)
    assert evil != text
    page = browser.new_page(base_url=address)
    # In no file: other processes look at the same site.
    page.route("**/evil.html", lambda route: route.fulfill(body=evil, content_type="text/html; charset=utf-8"))
    page.goto("evil.html")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.PWN") is None
    assert page.evaluate("document.documentElement.dataset.theme") in ("light", "dark")  # the theme's own did run
    page.close()


def test_an_address_that_cannot_be_decoded_does_no_harm(browser: object, address: str):
    page = browser.new_page(base_url=address)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("fragments.html#%")
    page.locator(".explorer.ready").first.wait_for()
    assert not faults
    page.close()
