"""Saved figures: the same bytes twice, fonts inside, alt text with them, and whole or not at all."""

import base64
import csv
import io
import pickle
import re
from functools import partial
from types import SimpleNamespace

import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

from analysis.counting.comparison import plain_map
from analysis.figures.regimes import plot_regimes
from analysis.figures.regions import plot_heatmap
from analysis.figures.style import (
    BODY,
    DRAWN,
    FONTS,
    FORMATS,
    NARROW,
    SVG,
    WIDTH,
    Drawing,
    _share_looks,
    alt_text,
    drawn_on,
    figure_bytes,
    inputs_hash,
    is_legible,
    is_wider,
    narrow_svg,
    on_page,
    save_figure,
    text_width,
    title_of,
)
from analysis.report import show
from analysis.study import CompendiumError, files
from tests.figures import figure_tables as made


def link(**keys: str) -> str:
    """A link as the site makes it."""
    return "tables/fragments.html?" + "&".join(f"{name}={value}" for name, value in keys.items())


@pytest.fixture
def chart():
    """The central chart of made-up numbers."""
    return plot_regimes(made.regimes(), "consensus", link=link)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_table_gives_the_same_bytes(kind, chart):
    again = plot_regimes(made.regimes(), "consensus", link=link)
    assert (
        figure_bytes(chart, kind, "regimes")
        == figure_bytes(chart, kind, "regimes")
        == figure_bytes(again, kind, "regimes")
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_no_file_tells_when_or_by_which_version_it_was_made(kind, chart):
    data = figure_bytes(chart, kind, "regimes")
    assert not re.search(rb"[Mm]atplotlib v|CreationDate|dc:date|Matplotlib \d", data)


def test_a_png_is_as_wide_as_the_column_at_300_dots_per_inch(chart):
    image = Image.open(io.BytesIO(figure_bytes(chart, "png", "regimes")))
    assert image.width == pytest.approx(WIDTH / 25.4 * 300, abs=1)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.5)


def test_a_pdf_holds_its_truetype_fonts(chart):
    data = figure_bytes(chart, "pdf", "regimes")
    assert b"Lato-Regular" in data and b"Lato-Bold" in data
    assert b"/CIDFontType2" in data and b"/FontFile2" in data and b"/Type3" not in data


def test_an_svg_says_what_it_shows(chart):
    root = etree.fromstring(figure_bytes(chart, "svg", "regimes", "nl"))
    assert root.find(f"{SVG}title").text == title_of(chart)
    assert root.find(f"{SVG}desc").text == alt_text(chart)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"
    assert root.get("aria-labelledby") == "regimes-title"


def test_the_text_of_an_svg_is_text_with_the_letters_it_needs(chart):
    root = etree.fromstring(figure_bytes(chart, "svg", "regimes"))
    words = ["".join(text.itertext()).replace("\N{NO-BREAK SPACE}", " ") for text in root.iter(f"{SVG}text")]
    assert {"Fame", "55 %  (11)"} <= set(words) and title_of(chart).replace("\N{NO-BREAK SPACE}", " ") in words
    assert not root.findall(f".//{SVG}use[@transform]")  # glyphs drawn as curves
    fonts = re.findall(r"font-weight: (\d+); src: url\(data:font/woff;base64,([^)]+)\)", root.find(f"{SVG}style").text)
    assert [weight for weight, _ in fonts] == ["400", "700"]
    texts = list(root.iter(f"{SVG}text"))
    for weight, data in fonts:
        letters = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
        own = [text for text in texts if ("700" in text.get("style")) == (weight == "700")]
        assert own and {ord(letter) for text in own for letter in "".join(text.itertext())} <= set(letters)


def test_an_svg_without_links_is_one_image_and_with_links_a_group():
    alone = plot_regimes(made.regimes(), "consensus")
    assert etree.fromstring(figure_bytes(alone, "svg", "regimes")).get("role") == "img"
    linked = plot_regimes(made.regimes(), "consensus", link=link)
    assert etree.fromstring(figure_bytes(linked, "svg", "regimes")).get("role") == "group"


def test_every_bar_of_an_svg_has_its_key_its_words_and_its_link(chart):
    root = etree.fromstring(figure_bytes(chart, "svg", "regimes"))
    bars = {part.get("data-key"): part for part in root.iter(f"{SVG}g") if part.get("data-key")}
    assert set(bars) == set(made.regimes()["regime"])
    assert bars["roem"].get("id") == "regimes-roem"
    assert bars["roem"].find(f"{SVG}title").text.replace("\N{NO-BREAK SPACE}", " ") == "Fame: 11 fragments"
    links = {anchor.get("{http://www.w3.org/1999/xlink}href") for anchor in root.iter(f"{SVG}a")}
    assert links == {link(regime=name) for name in bars}


def test_a_cell_of_a_heat_map_is_a_link_as_wide_as_its_colour():
    root = etree.fromstring(figure_bytes(plot_heatmap(made.regions(), link=link), "svg", "heatmap"))
    cells = [part for part in root.iter(f"{SVG}g") if part.get("data-key")]
    assert len(cells) == 14
    # A fill of none takes no click unless it is told to.
    assert {cell.get("pointer-events") for cell in cells} == {"all"}
    assert all(cell.find(f"{SVG}a/{SVG}path") is not None for cell in cells)


def test_no_id_of_an_svg_stands_in_another_of_the_same_page(chart):
    first, second = (
        {
            part.get("id")
            for part in etree.fromstring(figure_bytes(chart, "svg", name)).iter(f"{SVG}g")
            if part.get("id")
        }
        for name in ("one", "two")
    )
    assert first and not first & second


def test_saving_writes_three_files_and_one_row_of_alt_text(tmp_path, chart):
    paths = save_figure(chart, tmp_path, "regimes")
    assert [path.suffix for path in paths] == [".svg", ".png", ".pdf"] and all(path.is_file() for path in paths)
    save_figure(chart, tmp_path, "regimes")
    save_figure(chart, tmp_path, "again", "nl", formats=("svg",))
    with (tmp_path / "alt.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["figure"], row["lang"]) for row in rows] == [("again", "nl"), ("regimes", "en")]
    assert rows[1]["title"] == title_of(chart) and rows[1]["alt"] == alt_text(chart)


def test_a_figure_is_written_whole_or_not_at_all(tmp_path, chart, monkeypatch):
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save_figure(chart, tmp_path, "regimes")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def plots(monkeypatch) -> list[str]:
    """The figures that were drawn, by name; `show` is asked without a notebook around it."""
    drawn = []

    def save(ax, folder, name, *rest, **more):
        drawn.append(name)
        return save_figure(ax, folder, name, *rest, **more)

    monkeypatch.setattr("analysis.figures.style.save_figure", save)
    return drawn


def test_a_figure_is_drawn_again_only_where_what_it_shows_has_changed(tmp_path, plots):
    places = SimpleNamespace(figures=tmp_path)
    run = SimpleNamespace(corpus=SimpleNamespace(places=places), lang="en")
    table, look = made.regimes(), {"link": partial(link_with, "consensus"), "later": True}
    first = show(run, plot_regimes(table, "consensus", **look), "regimes")
    again = show(run, plot_regimes(table.copy(), "consensus", **look), "regimes")
    assert plots == ["regimes"] and (again.data, again.alt) == (first.data, first.alt)
    other = made.regimes(of=25)
    assert show(run, plot_regimes(other, "consensus", **look), "regimes").data != first.data
    show(run, plot_regimes(other, "consensus", **look | {"link": partial(link_with, "reader_a")}), "regimes")
    assert len(plots) == 3
    (tmp_path / "regimes.pdf").unlink()
    show(run, plot_regimes(other, "consensus", **look | {"link": partial(link_with, "reader_a")}), "regimes")
    assert len(plots) == 4 and (tmp_path / "regimes.pdf").is_file()
    for _ in range(2):  # what a function that closes over something does cannot be told
        show(run, plot_regimes(other, "consensus", **look | {"link": lambda **keys: "x"}), "regimes")
    assert len(plots) == 6


def test_in_a_run_of_make_figures_are_written_while_it_goes_on_and_are_the_same(tmp_path, monkeypatch):
    table = made.regimes()
    empty, whole = table.assign(n=0, share=0.0).head(0), {"later": True}
    for folder, name in (("by hand", ""), ("make", "05_figures")):
        monkeypatch.setenv("ANALYSIS_NOTEBOOK", name)
        run = SimpleNamespace(corpus=SimpleNamespace(places=SimpleNamespace(figures=tmp_path / folder)), lang="en")
        for number in range(2):
            show(run, plot_regimes(table.assign(n=table["n"] + number), "consensus", **whole), f"{number}-regimes")
        assert show(run, plot_regimes(empty, "consensus", **whole), "9-empty") is None
        files.finish_beside()
    sides = [
        {
            str(path.relative_to(tmp_path / side)): path.read_bytes()
            for path in (tmp_path / side).rglob("*.*")
            if path.is_file()
        }
        for side in ("by hand", "make")
    ]
    assert len(sides[0]) == 2 * 7 + 1 and sides[0] == sides[1]


def test_what_a_map_holds_can_be_told(tmp_path):
    points = pd.DataFrame({"roem": [4, 1, 2], "markt": [1, 5, 2], "civiel": [2, 2, 6]}, index=["A", "B", "C"])
    one, same, other = (plain_map(n) for n in (points, points.copy(), points + 1))
    hashes = [inputs_hash(Drawing(link_with, (chart,), {}), "map", "en") for chart in (one, same, other)]
    assert hashes[0] and hashes[0] == hashes[1] != hashes[2]


def link_with(coder: str, **keys: str) -> str:
    return f"fragments.html?coder={coder}"


def test_a_figure_whose_texts_fit_has_a_narrow_drawing_and_another_has_none(tmp_path):
    fits = plot_regimes(made.regimes(), "consensus", later=True)
    save_figure(fits.axes(), tmp_path, "fits", formats=("svg",), drawing=fits)
    assert not (tmp_path / DRAWN / "fits.narrow.svg").exists()  # a run has no phone: its page is drawn for the site
    narrow = etree.fromstring(narrow_svg(tmp_path, "fits", "en").encode())
    assert (tmp_path / DRAWN / "fits.narrow.svg").read_text(encoding="utf-8") == narrow_svg(tmp_path, "fits", "en")
    assert float(narrow.get("viewBox").split()[2]) == pytest.approx(NARROW / 25.4 * 72, abs=0.1)
    with on_page(60):
        assert not is_legible(fits.axes())
    assert list(drawn_on(fits, "fits", "en", [60])) == [] == list(drawn_on(fits, "fits", "en", [20]))


class Sly:
    def __reduce__(self):
        return print, ("obeyed",)


@pytest.mark.parametrize("sly", [Sly(), (print, ("obeyed",), {}), partial(print, "obeyed"), files.write_text])
def test_a_drawing_that_came_from_elsewhere_runs_nothing(tmp_path, capsys, sly):
    kept = tmp_path / DRAWN / "sly.drawing"
    kept.parent.mkdir()
    kept.write_bytes(pickle.dumps(sly))
    with pytest.raises(CompendiumError, match=r"sly\.drawing.*no part of a drawing.*make all"):
        narrow_svg(tmp_path, "sly", "en")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("data", [b"", b"damaged", pickle.dumps(("a.module", "plot_a", (), {}))])
def test_a_drawing_that_is_damaged_or_of_an_older_version_is_named(tmp_path, data):
    kept = tmp_path / DRAWN / "old.drawing"
    kept.parent.mkdir()
    kept.write_bytes(data)
    with pytest.raises(CompendiumError, match=r"old\.drawing.*make all"):
        narrow_svg(tmp_path, "old", "en")


def test_the_page_of_a_phone_is_that_of_the_figure_as_it_was_saved_last_whoever_links_it(tmp_path):
    for n, link_to in ((3, link), (4, lambda **keys: "x")):  # a function within another cannot be kept
        regimes = made.regimes().assign(n=n)
        drawing = plot_regimes(regimes, "consensus", link=link_to, later=True)
        save_figure(drawing.axes(), tmp_path, "same", formats=("svg",), drawing=drawing)
        (_, svg), *_ = drawn_on(drawing, "same", "en", [NARROW])
        assert narrow_svg(tmp_path, "same", "en").encode() == svg


def test_whether_a_text_is_too_wide_is_the_same_whether_measured_whole_or_by_letters():
    for text in (
        "AVAVAVAVAVAVAVAV",
        "To Wo Ya Te LT",
        "fiffifl",
        "glocalisering 45 % (n = 12)",
        "iiiiiiii",
        "é—“x” Łódź",
    ):
        for weight in FONTS:
            whole = text_width(text, BODY, weight)
            assert [is_wider(text, whole * by, BODY, weight) for by in (0.5, 0.8, 0.99, 1.01, 1.2)] == [True] * 3 + [
                False
            ] * 2


def test_a_text_upon_another_or_beyond_the_page_is_not_legible(chart):
    assert is_legible(chart)
    over = chart.text(0.5, 0.5, "one thing", transform=chart.transAxes)
    assert is_legible(chart)
    upon = chart.text(0.5, 0.5, "another", transform=chart.transAxes)
    assert not is_legible(chart)
    upon.remove()
    over.set_x(3)
    assert not is_legible(chart)


def test_marks_that_look_alike_say_so_once(chart):
    root = etree.fromstring(
        f'<svg xmlns="{SVG[1:-1]}"><g><use style="fill: red"/><use style="fill: red"/></g>'
        '<g><use style="fill: red"/><use style="fill: blue"/></g></svg>'
    )
    _share_looks(root)
    alike, unlike = root
    assert alike.get("style") == "fill: red" and all(one.get("style") is None for one in alike)
    assert unlike.get("style") is None and [one.get("style") for one in unlike] == ["fill: red", "fill: blue"]
