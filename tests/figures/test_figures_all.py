"""All figures: in both languages, with all of their text on the page, and with empty tables too."""

import io
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations

import colorspacious
import numpy as np
import pytest
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from analysis import figures
from analysis.figures.labels import regime_colour
from analysis.figures.style import DPI, accessible_svg, alt_text
from analysis.study.colours import PALETTE, contrast, family_colour
from analysis.study.tables import study_codes
from tests.figures import figure_tables as made

REGIMES = study_codes().regimes

FIGURES: dict[str, Callable[..., Axes]] = {
    "regions": lambda **look: figures.fragments.plot_regions(made.corpus(), **look),
    "terms": lambda **look: figures.fragments.plot_terms(made.terms(), 20, **look),
    "regimes": lambda **look: figures.regimes.plot_regimes(made.regimes(), "consensus", **look),
    "heatmap": lambda **look: figures.regions.plot_heatmap(made.regions(), "consensus", **look),
    "values": lambda **look: figures.regimes.plot_values(made.values(), "consensus", **look),
    "stance": lambda **look: figures.regimes.plot_stance(made.stances(), "consensus", **look),
    "processes": lambda **look: figures.regions.plot_processes(
        made.regions("process"), made.glocal(), "consensus", **look
    ),
    "comparison": lambda **look: figures.comparison.plot_own_region(
        made.profiles(), "consensus", own="BrabantStad", **look
    ),
    "together": lambda **look: figures.regimes.plot_together(made.together(), 20, "consensus", **look),
    "agreement": lambda **look: figures.certainty.plot_agreement(made.agreed(), **look),
    "specifications": lambda **look: figures.certainty.plot_specifications(made.specifications(), **look),
    "claims": lambda **look: figures.certainty.plot_claims(made.claims(), **look),
    "map": lambda **look: figures.regions.plot_map(made.four_regions(), "consensus", **look),
    "funnel": lambda **look: figures.regions.plot_funnel(made.pooled(), "consensus", **look),
    "dispersion": lambda **look: figures.fragments.plot_dispersion(made.pages(), **look),
    "keyness": lambda **look: figures.fragments.plot_keyness(made.words(), 2, **look),
    "flows": lambda **look: figures.regimes.plot_flows(made.flows(), made.by_stance(), "consensus", **look),
    "saturation": lambda **look: figures.certainty.plot_saturation(made.saturation(), **look),
}
EMPTY: dict[str, Callable[..., Axes]] = {
    "regions": lambda: figures.fragments.plot_regions(made.corpus()[:0]),
    "terms": lambda: figures.fragments.plot_terms(made.terms()[:0], 0),
    "regimes": lambda: figures.regimes.plot_regimes(made.regimes()[:0]),
    "heatmap": lambda: figures.regions.plot_heatmap(made.regions()[:0]),
    "values": lambda: figures.regimes.plot_values(made.values()[:0]),
    "stance": lambda: figures.regimes.plot_stance(made.stances()[:0]),
    "processes": lambda: figures.regions.plot_processes(made.regions("process")[:0], made.glocal()[:0]),
    "comparison": lambda: figures.comparison.plot_own_region(made.profiles()[:0], own="BrabantStad"),
    "together": lambda: figures.regimes.plot_together(made.together()[:0], 0),
    "agreement": lambda: figures.certainty.plot_agreement(made.agreed()[:0]),
    "specifications": lambda: figures.certainty.plot_specifications(made.specifications()[:0]),
    "claims": lambda: figures.certainty.plot_claims(made.claims()[:0]),
    "map": lambda: figures.regions.plot_map(made.regions()[:7]),
    "funnel": lambda: figures.regions.plot_funnel(made.pooled()[:0]),
    "dispersion": lambda: figures.fragments.plot_dispersion(made.pages()[-1:]),
    "keyness": lambda: figures.fragments.plot_keyness(made.words()[1:2], 2),
    "flows": lambda: figures.regimes.plot_flows(made.flows().assign(process=""), made.by_stance()),
    "saturation": lambda: figures.certainty.plot_saturation(made.saturation()[:0]),
}


@cache
def drawn(name: str, lang: str) -> Axes:
    """A figure in a language, for tests that only look at it."""
    return FIGURES[name](lang=lang)


CVD = ("deuteranomaly", "protanomaly", "tritanomaly")


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_text_stands_on_the_page_and_is_large_enough(name, lang):
    figure = drawn(name, lang).figure
    figure.set_dpi(DPI)
    figure.draw_without_rendering()  # axis labels find their place only then
    page = figure.bbox
    for text in (text for text in figure.findobj(lambda artist: hasattr(artist, "get_fontsize")) if text.get_text()):
        box = text.get_window_extent()
        assert text.get_fontsize() >= 7
        assert box.x0 >= page.x0 - 3 and box.x1 <= page.x1 + 3, text.get_text()
        assert box.y0 >= page.y0 - 3 and box.y1 <= page.y1 + 3, text.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_its_finding_and_what_is_seen_in_either_language(name):
    english, dutch = (drawn(name, lang) for lang in ("en", "nl"))
    for words in (lambda ax: ax.get_title(loc="left"), alt_text):
        assert words(english) and words(dutch) and words(english) != words(dutch)
    assert any(sign.isdigit() for sign in alt_text(english))


@pytest.mark.parametrize("name", FIGURES)
def test_every_marked_artist_has_an_id_of_its_own_and_leads_where_its_link_says(name):
    figure = FIGURES[name](link=lambda **keys: "t.html?" + "&".join(keys.values())).figure
    named = [artist for artist in figure.findobj() if artist.get_gid()]
    ids = [artist.get_gid() for artist in named]
    assert ids and len(set(ids)) == len(ids)
    marked = [artist for artist in named if not artist.get_gid().startswith("over-")]  # the text upon a mark
    assert all(artist.get_url() == "t.html?" + artist.get_gid().replace("|", "&") for artist in marked)


def test_a_click_on_the_number_of_a_cell_goes_through_to_the_cell():
    ax = FIGURES["heatmap"](link=lambda **keys: "t.html?" + "&".join(keys.values()))
    svg = io.BytesIO()
    ax.figure.savefig(svg, format="svg")
    root = etree.fromstring(accessible_svg(svg.getvalue(), ax, "04-heatmap"))
    groups = [group for group in root.iter("{*}g") if (group.get("id") or "").startswith("04-heatmap-over-")]
    assert len(groups) == len(list(root.iter("{*}a"))) > 5  # one number a cell, and each cell leads on
    assert {group.get("pointer-events") for group in groups} == {"none"}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_table_gives_a_page_that_says_why(name):
    ax = EMPTY[name]()
    assert ax.get_title(loc="left") == "Nothing to draw here" and alt_text(ax)


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"map"}))
def test_a_figure_can_be_drawn_into_axes_of_a_page_that_is_not_ours(name):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(8, 6)).add_axes((0.2, 0.2, 0.7, 0.6))
    assert FIGURES[name](ax=ax) is ax


WHITE, DARK = "#FFFFFF", "#14181E"  # the pages of print and site; the dark one is pydata-sphinx-theme's
NON_TEXT = 3  # WCAG 2.2, success criterion 1.4.11: what is drawn stands 3 to 1 against what lies around it


def least_apart(shown: Sequence[str], vision: str | None) -> float:
    """How far the two most alike of some colours lie apart in CAM02-UCS, as seen with a kind of colour vision."""
    seen = np.array([to_rgb(colour) for colour in shown])
    if vision:
        space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}  # 100: the dichromat, who lacks a cone
        seen = np.clip(colorspacious.cspace_convert(seen, space, "sRGB1"), 0, 1)
    pairs = combinations(seen, 2)
    return min(float(colorspacious.deltaE(*pair, input_space="sRGB1")) for pair in pairs)


@pytest.mark.parametrize("vision", [None, *CVD])
def test_regimes_stay_apart_in_every_kind_of_colour_vision(vision):
    # CAM02-UCS: 1 can just be told apart side by side; 10 is plain at a glance.
    assert least_apart([regime_colour(name) for name in REGIMES], vision) > 15
    assert least_apart(PALETTE, vision) > 10


def test_no_two_regimes_are_the_same_grey():
    greys = sorted(colorspacious.cspace_convert(to_rgb(regime_colour(name)), "sRGB1", "CIELab")[0] for name in REGIMES)
    assert min(np.diff(greys)) > 2


@pytest.mark.parametrize("page", [WHITE, DARK])
def test_regimes_stand_out_on_a_white_page_and_on_a_dark_one(page):
    assert min(contrast(regime_colour(name), page) for name in REGIMES) >= NON_TEXT
    assert min(contrast(colour, page) for colour in PALETTE) >= NON_TEXT


def test_no_regime_shouts_or_is_near_black():
    look = colorspacious.cspace_convert([to_rgb(regime_colour(name)) for name in REGIMES], "sRGB1", "JCh")
    # In CIECAM02 pure red, blue and magenta have a chroma of 91 to 111, and what reads as black a lightness below 25.
    assert look[:, 1].max() < 65 and look[:, 0].min() > 30


def test_contrast_is_as_the_guidelines_say():
    # WCAG: black on white is 21 to 1; #767676 is the lightest grey that reads on white, at 4.5 to 1.
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21) == contrast("#FFFFFF", "#000000")
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_codes_of_another_codebook_take_the_family_in_order_and_begin_again_at_its_end():
    assert [family_colour(place) for place in range(4)] == list(PALETTE[:4])
    assert family_colour(len(PALETTE)) == PALETTE[0]
    assert {regime_colour(name) for name in REGIMES} == set(PALETTE[:7])
