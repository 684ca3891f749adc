"""The site as a reader meets it: links open the right rows, tables filter, keys suffice, nothing is out of reach."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.report.browser.conftest import pages_of_each_kind

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")
AXE = (
    "index.html",
    "fragments.html",
    "regimes.html",
    "regime-roem.html",
    "region-haaglanden.html",
    "claims.html",
    "claim-C034.html",
    "claim-C099.html",
    "audit-A1.html",
    "codebook.html",
    "02_code.html",
    "6-conclusion.html",
    "do-it-again.html",
    "404.html",
    "figures.html",
    "regions.html",
    "passage-stedelijke-cultuurregio-zuid-p22-4.html",
    "kwic.html",
)


def total(page: object) -> int:
    """How many rows the table says it shows."""
    return int(re.match(r"([\d,]+)", page.locator(".dt-info").first.inner_text())[1].replace(",", ""))


def bar_of(page: object, figure: str, query: str) -> object:
    """The link in a figure that asks for `query`; an SVG's href has a namespace, which CSS does not see."""
    asks = f"@*[local-name()='href'][contains(., '{query}')]"
    return page.locator(f"xpath=//*[@id='figure-{figure}']//*[local-name()='a'][{asks}]")


PASSAGE = "passage-stedelijke-cultuurregio-zuid-p22-4.html"  # one with all that such a page may have


def page_names(built_site: Path) -> list[str]:
    """Every page; of those of one passage, claim or finding each some."""
    return [*pages_of_each_kind(built_site, 30), PASSAGE]


def test_every_page_loads_without_complaint_and_asks_no_other_host(page: object, faults: list[str], built_site: Path):
    names = page_names(built_site)
    assert len(names) > 40
    for name in names:
        page.goto(name)
        page.wait_for_load_state("networkidle")
        assert not faults, f"{name}: {faults}"


def test_every_page_fits_a_phone(page: object, built_site: Path):
    page.set_viewport_size({"width": 390, "height": 844})
    for name in page_names(built_site):
        page.goto(name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{name} is {wide} wide"


def test_a_cell_of_the_heatmap_opens_its_rows(page: object):
    page.goto("regimes.html")
    bar_of(page, "04-heatmap", "region=Haaglanden&regime=roem").click()
    page.wait_for_url("**/fragments.html?region=Haaglanden&regime=roem&coder=consensus")
    assert total(page) == 24
    rows = page.locator("#fragments tbody tr")
    assert rows.count() == 24
    assert all("Haaglanden" in text and "Fame" in text for text in rows.all_inner_texts())
    assert page.locator("#fragments-region").input_value() == "Haaglanden"


def test_a_bar_can_be_reached_and_opened_by_keyboard(page: object):
    page.goto("regimes.html")
    bar = bar_of(page, "03-regimes", "regime=markt")
    bar.focus()
    assert bar.evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fragments.html?regime=markt&coder=consensus")
    assert total(page) == 21


def test_filters_narrow_the_table_and_the_address_keeps_them(page: object):
    page.goto("fragments.html")
    assert total(page) == 293
    page.select_option("#fragments-process", "glocalisering")
    few = total(page)
    assert 0 < few < 20
    assert "process=glocalisering" in page.url and "coder=consensus" in page.url
    page.reload()
    assert total(page) == few
    page.get_by_role("button", name="Show all").click()
    assert total(page) == 1254


def test_a_page_number_opens_its_passage_and_the_way_back_keeps_the_filters(page: object):
    page.goto("fragments.html?region=Twente&regime=roem&coder=consensus")
    every = total(page)
    page.locator("#fragments tbody a[href^='passage-']").nth(1).click()
    page.wait_for_url("**/passage-twente-*")
    page.locator("nav.passage-way a[rel=next]").click()
    page.get_by_role("link", name="Back to the list of passages").first.click()
    page.wait_for_url("**/fragments.html?region=Twente&regime=roem&coder=consensus*")
    assert total(page) == every < 293 and page.locator("tr.opened").count() == 1


def test_a_word_of_ones_own_is_counted_by_region_and_leads_to_its_passages(page: object):
    page.goto("kwic.html")
    page.locator("#kwic-words").fill("ALLURE")  # in seven passages, by hand
    page.get_by_role("button", name="Find").click()
    assert page.locator("#kwic-found .kwic-sum").inner_text() == "7 times, in 7 passages of 6 regions"
    page.locator("#kwic-region").select_option("Leiden")
    assert page.url.endswith("kwic.html?words=ALLURE&region=Leiden")
    page.locator("#kwic-found a").click()
    page.wait_for_url("**/passage-leiden-p5-1.html*")
    page.get_by_role("link", name="Back to where you came from").first.click()
    assert page.locator("#kwic-found a").count() == 1


def test_an_address_that_is_no_page_of_the_site_is_not_followed(page: object):
    for given in ("javascript:alert(1)", "https://example.org/", "//example.org/a.html", "a.html"):
        page.goto(f"{PASSAGE}?from={given}")
        leads = page.locator("a.to-list").first.get_attribute("href")
        assert leads == (given if given == "a.html" else "fragments.html#stedelijke-cultuurregio-zuid-p22-4")


def test_search_within_a_table_and_sorting_work(page: object):
    page.goto("fragments.html?coder=consensus&region=Twente")
    every = total(page)
    page.get_by_label("Search in rows").fill("village")
    assert 0 < total(page) < every
    page.goto("regions.html")
    page.locator(".explorer.ready #regions thead th").nth(1).click()
    first = [int(text) for text in page.locator("#regions tbody td:nth-child(2)").all_inner_texts()]
    assert first == sorted(first)


def test_a_filter_without_a_coder_means_the_coder_of_the_run(page: object):
    page.goto("fragments.html?regime=roem")
    assert total(page) == 177  # as chapter 4's figure says for this coder
    assert page.locator("#fragments-coder").input_value() == "consensus"
    page.goto("fragments.html?regime=roem&coder=")
    assert total(page) > 177
    page.goto("fragments.html?region=BrabantStad")  # which the coder of the run did not read
    assert total(page) == 35


def test_the_address_holds_search_and_order_too(page: object):
    page.goto("fragments.html?region=Twente")
    page.get_by_label("Search in rows").fill("village")
    page.locator("#fragments thead th").nth(1).click()
    page.wait_for_url(lambda url: "find=village" in url and "sort=2" in url)
    few, first = total(page), page.locator("#fragments tbody tr").first.inner_text()
    page.reload()
    assert (total(page), page.locator("#fragments tbody tr").first.inner_text()) == (few, first)
    assert 0 < few < 12


def test_what_is_shown_can_be_taken_along_as_a_table(page: object, tmp_path: Path):
    page.goto("fragments.html?region=Twente")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download these rows (CSV)").click()
    taken.value.save_as(tmp_path / "rows.csv")
    rows = pd.read_csv(tmp_path / "rows.csv")
    assert taken.value.suggested_filename == "fragments.csv"
    assert len(rows) == 12 and set(rows["Region"]) == {"Twente"}
    assert not rows.map(lambda cell: str(cell).startswith(("=", "+", "@"))).any(axis=None)


def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(page: object, tmp_path: Path):
    cells = {"=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "-2": "-2", "-2+3": "'-2+3", "a=b": "a=b"}
    page.add_init_script(f"""
        document.addEventListener('DOMContentLoaded', () => {json.dumps(list(cells))}.forEach((text, n) => {{
          document.querySelector(`table.explore tbody tr:nth-child(${{n + 1}}) td`).textContent = text;
        }}))
    """)
    page.goto("cues.html")
    page.locator(".explorer.ready").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download these rows (CSV)").click()
    taken.value.save_as(tmp_path / "cues.csv")
    assert pd.read_csv(tmp_path / "cues.csv", dtype=str).iloc[: len(cells), 0].tolist() == list(cells.values())


WORDS = """
    (() => [...document.querySelectorAll('table.explore td, table.qualitative td')].flatMap((cell) => {
      const broken = [];
      const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        for (const word of walk.currentNode.textContent.matchAll(/[\\p{L}\\p{N}]+/gu)) {
          const range = document.createRange();
          range.setStart(walk.currentNode, word.index);
          range.setEnd(walk.currentNode, word.index + word[0].length);
          if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
        }
      }
      return broken;
    }))()
"""


@pytest.mark.parametrize("name", ["fragments.html", "regime-roem.html", "region-haaglanden.html", "claims.html"])
def test_a_wide_table_breaks_no_word_and_is_cut_nowhere(page: object, name: str):
    page.goto(name)
    page.wait_for_load_state("networkidle")
    for width in (1280, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(WORDS) == []
        edges = "[...document.querySelectorAll('.wide table')].map((table) => table.getBoundingClientRect().right)"
        assert max(page.evaluate(edges)) <= width


@pytest.mark.parametrize("name", ["fragments.html", "regime-roem.html"])
def test_what_a_passage_says_has_two_fifths_of_a_table_as_wide_as_the_window(page: object, name: str):
    page.goto(name)
    page.wait_for_load_state("networkidle")
    wide, table = (page.locator(one).first.bounding_box()["width"] for one in ("th.wordy", ".wide table"))
    assert table >= 1200 and wide >= 0.4 * table


def test_on_a_phone_a_row_is_a_card_whose_cells_say_what_they_are(page: object):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("fragments.html?region=Twente")
    cell = page.locator("#fragments tbody tr").first.locator("td").nth(2)
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Gist: "'
    assert cell.evaluate("cell => cell.getBoundingClientRect().width") > 300


def test_a_box_that_scrolls_can_be_reached_and_says_what_it_holds(page: object):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("02_code.html")
    page.wait_for_load_state("networkidle")
    unreachable = """
        [...document.querySelectorAll('main *')].filter((box) => box.scrollWidth > box.clientWidth + 1
          && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)
          && !(box.tabIndex === 0 && box.getAttribute('aria-label')))
        .map((box) => box.className)
    """
    assert page.evaluate(unreachable) == []


def test_a_link_to_a_row_opens_its_page_of_the_table_and_shows_it(page: object):
    page.goto("fragments.html#zwolle-p29-1")
    row = page.locator("tr#zwolle-p29-1")
    row.wait_for(state="visible")
    assert "opened" in row.get_attribute("class")
    assert row.evaluate(
        "row => { const box = row.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight }"
    )
    page.goto("fragments.html?region=Twente#haaglanden-p41-1--reader_a")
    assert page.locator("tr.opened").get_attribute("id") == "haaglanden-p41-1--reader_a"


def test_the_search_of_the_site_finds_glocalisering(page: object, faults: list[str]):
    page.goto("search.html?q=glocalisering")
    page.locator("#search-results li a").first.wait_for()
    assert page.locator("#search-results li a").count() >= 3
    assert not faults


def results(page: object, query: str) -> list[str]:
    """The titles that the site's search lists, best first, once it has listed them all."""
    page.goto(f"search.html?q={query}")
    page.locator("#search-results .search-summary:not(:empty)").wait_for()
    return page.locator("#search-results li > a").all_inner_texts()


def test_the_search_lists_a_claim_a_finding_and_a_place_before_all_others(page: object, faults: list[str]):
    assert results(page, "C034")[0] == "C034: Media attention occurs in Haaglanden and Rotterdam alone"
    assert results(page, "a1")[0].startswith("A1: ")
    assert [title[:16] for title in results(page, "Haaglanden p. 5")[:2]] == ["Haaglanden, p. 5"] * 2
    assert not faults


def test_an_accent_makes_no_difference_to_the_search(page: object):
    assert results(page, "m%C3%A9di%C3%A2") == results(page, "media") != []


def test_what_a_link_is_about_comes_on_hover_and_focus_and_goes_with_escape(page: object, faults: list[str]):
    page.goto("claim-C034.html")
    link, text = page.locator("section.counted a[href^='passage-']").nth(0), page.locator("#hover-text")
    link.focus()
    text.get_by_text("Haaglanden, p. 5").wait_for()
    assert link.get_attribute("aria-describedby") == "hover-text"
    page.keyboard.press("Escape")
    assert text.is_hidden() and link.get_attribute("aria-describedby") is None
    page.locator("section.counted a[href^='passage-']").nth(1).hover()
    text.get_by_text("Rotterdam, p. 21").wait_for()
    text.hover()  # it stays while one reads it
    page.wait_for_timeout(600)
    assert text.is_visible() and not faults


def test_a_coloured_name_says_its_definition_to_the_keyboard(page: object):
    page.goto("audit-A1.html")
    name = page.locator(".regime").first
    name.focus()
    page.locator("#hover-text p").wait_for()
    assert page.locator("#hover-text b").inner_text() == name.inner_text().rpartition(": ")[2]


def test_focus_is_always_visible(page: object):
    page.goto("fragments.html")
    look = """
        (() => {
          const style = getComputedStyle(document.activeElement);
          const visible = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          return document.activeElement.tagName + ' ' + visible;
        })()
    """
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(look))
    assert len(seen) > 2
    assert all(state.endswith("true") for state in seen), seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", AXE)
def test_axe_finds_no_serious_fault(browser: object, address: str, name: str, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(color_scheme=scheme, base_url=address)
    page = context.new_page()
    page.goto(name)
    page.wait_for_load_state("networkidle")
    faults = [fault for fault in axe.run(page).response["violations"] if fault["impact"] in SERIOUS]
    context.close()
    assert not [(fault["id"], fault["nodes"][0]["html"][:160], len(fault["nodes"])) for fault in faults]


def test_without_javascript_every_row_is_there(browser: object, address: str):
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("fragments.html")
    assert page.locator("#fragments tbody tr").count() > 1200
    context.close()


def test_the_site_works_from_a_folder_without_a_server(browser: object, built_site: Path):
    page = browser.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"file://{built_site}/fragments.html?region=Twente&coder=consensus")
    assert total(page) == 12
    assert not said
    page.close()


@pytest.mark.parametrize("where", ["gone.html", "deep/er/gone.html"])
def test_an_address_that_leads_to_nothing_leads_home_from_any_depth(
    browser: object, address: str, built_site: Path, where: str
):
    page = browser.new_page(base_url=address)
    page.route(f"**/{where}", lambda route: route.fulfill(status=404, path=built_site / "404.html"))
    page.goto(where)
    page.wait_for_load_state("networkidle")
    assert page.locator("a[data-way='index.html']").evaluate("link => link.href") == f"{address}index.html"
    page.close()


def test_one_button_opens_all_code_of_a_notebook_and_folds_it_again(page: object):
    page.goto("02_code.html")
    code, opened = page.locator("details.hide.above-input"), page.locator("details.hide.above-input[open]")
    assert code.count() > 50 and opened.count() == 0
    page.get_by_role("button", name="Show all code").click()
    assert opened.count() == code.count()
    page.get_by_role("button", name="Fold all code").click()
    assert opened.count() == 0


def test_the_box_of_a_citation_holds_the_address_with_its_filters(page: object, address: str):
    page.goto("regions.html?a=b")
    page.get_by_text("Cite this page").click()
    assert page.locator("details.cite .address").inner_text() == f"{address}regions.html?a=b"
    assert f"url = {{{address}regions.html?a=b}}" in page.locator("details.cite pre").first.inner_text()


def test_the_field_on_the_page_for_looking_up_searches_the_site(page: object):
    page.goto("look-up.html")
    page.get_by_role("searchbox").last.fill("glocalisering")
    page.get_by_role("searchbox").last.press("Enter")
    page.wait_for_url("**/search.html?q=glocalisering")
    page.locator("#search-results li a").first.wait_for()


def test_a_bar_at_hover_or_focus_says_its_number_and_its_first_passages(page: object, faults: list[str]):
    page.goto("regimes.html")
    bar = bar_of(page, "03-regimes", "regime=markt")
    tip = page.locator(".chart-tip")
    bar.hover()
    tip.locator("li").first.wait_for()
    assert "Market: 21 fragments" in tip.inner_text().replace("\xa0", " ") and tip.locator("li").count() == 3
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    bar.focus()
    tip.locator("li").first.wait_for()
    assert bar.get_attribute("aria-label").replace("\xa0", " ") == "Market: 21 fragments"
    assert not faults


def test_another_coder_is_another_drawing_with_its_own_rows(page: object):
    page.goto("regimes.html")
    figure = page.locator("#figure-03-regimes")
    usual = figure.locator("svg").inner_html()
    figure.get_by_label("Coder").select_option("reader_a")
    bar_of(page, "03-regimes", "coder=reader_a").first.wait_for(state="attached")
    assert "reader_a" in figure.locator("svg").text_content() and figure.locator("svg").inner_html() != usual
    figure.get_by_label("Coder").select_option("consensus")
    bar_of(page, "03-regimes", "coder=consensus").first.wait_for(state="attached")


def test_the_cells_of_the_heat_map_may_be_shares(page: object):
    page.goto("regimes.html")
    page.locator("#figure-04-heatmap").get_by_label("In the cells").select_option("share")
    page.locator("#figure-04-heatmap").get_by_text("94", exact=True).first.wait_for()  # 16 of Utrecht's 17 fragments


def test_a_phone_gets_a_drawing_that_fits_it(page: object):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("figures.html")
    page.locator("#figure-03-regimes.narrow").wait_for()
    for part in ("svg", "svg text"):
        boxes = [box.bounding_box() for box in page.locator(f"#figure-03-regimes {part}").all()]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= 391 for box in boxes)
    size = page.locator("#figure-03-regimes svg").evaluate(
        "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
    )
    assert 7 * size >= 7.5  # the smallest text, in pixels


def test_a_figure_can_be_taken_along_with_its_numbers(page: object, built_site: Path):
    page.goto("figures.html")
    links = page.locator("#figure-03-regimes figcaption a")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs and all((built_site / href).stat().st_size for href in hrefs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_text_of_a_chart_leaves_its_drawing(browser: object, address: str, scheme: str):
    context = browser.new_context(color_scheme=scheme, base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("figures.html")
    page.wait_for_load_state("networkidle")
    beyond = """
        [...document.querySelectorAll('figure.chart svg text')].filter((text) => {
          const [box, page] = [text, text.closest('svg')].map((one) => one.getBoundingClientRect());
          return box.left < page.left - 1 || box.right > page.right + 1;
        }).map((text) => text.textContent)
    """
    assert page.evaluate(beyond) == []
    context.close()


def test_no_page_is_heavier_than_a_megabyte(built_site: Path):
    heavy = {path.name: path.stat().st_size for path in built_site.glob("*.html")}
    assert {name: size for name, size in heavy.items() if size > 1_000_000} == {}
