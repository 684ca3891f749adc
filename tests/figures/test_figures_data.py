"""What each figure draws is what its table holds, in the order it says, and the title changes with the table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from analysis.counting.comparison import plain_map
from analysis.counting.intervals import cells_outside
from analysis.figures import style
from analysis.figures.certainty import plot_agreement, plot_claims, plot_saturation, plot_specifications
from analysis.figures.comparison import plot_own_region
from analysis.figures.fragments import pages_for_half, plot_dispersion, plot_keyness, plot_regions, plot_terms
from analysis.figures.regimes import plot_flows, plot_regimes, plot_stance, plot_together, plot_values
from analysis.figures.regions import (
    page_list,
    plot_funnel,
    plot_heatmap,
    plot_map,
    plot_processes,
    process_cases,
    region_squares,
)
from analysis.figures.style import alt_text
from tests.figures import figure_tables as made


def lengths(ax: Axes) -> dict[str, float]:
    """How long each marked bar is, by its id."""
    patches = [patch for panel in (ax, *ax.child_axes) for patch in panel.patches]
    return {patch.get_gid(): round(patch.get_width(), 6) for patch in patches if patch.get_gid()}


def points(ax: Axes) -> dict[str, tuple[float, float]]:
    """Where each marked dot stands, by its id."""
    dots = {line.get_gid(): line.get_xydata() for line in ax.lines if line.get_gid()}
    return {name: tuple(dot[np.isfinite(dot).all(axis=1)][0]) for name, dot in dots.items()}


def down(ax: Axes) -> list[str]:
    """The ids of the marked bars from the top to the bottom."""
    marked = [patch for patch in ax.patches if patch.get_gid()]
    return [patch.get_gid() for patch in sorted(marked, key=lambda patch: patch.get_y())]


def texts(ax: Axes) -> list[str]:
    """Every text of a chart, in ordinary spaces."""
    everything = [text for panel in (ax, *ax.child_axes) for text in panel.texts]
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in everything]


def title(ax: Axes) -> str:
    """The finding, on one line."""
    return ax.get_title(loc="left").replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def test_a_region_has_a_bar_as_long_as_it_has_fragments_the_most_on_top():
    ax = plot_regions(made.corpus())
    assert lengths(ax) == {"We the North": 12, "Twente": 8}
    assert down(ax) == ["We the North", "Twente"]
    assert title(ax) == "One region gives more than half of the fragments: We the North"


def test_regions_that_are_alike_give_more_than_half_together():
    even = made.corpus().assign(fragments=[5, 5])
    assert title(plot_regions(even)) == "Two of two regions give more than half of the fragments"


def test_hits_per_ten_pages_stand_only_where_the_pages_are_known():
    assert texts(plot_regions(made.corpus(2.5))).count("2.5") == 2
    assert "2,5" in texts(plot_regions(made.corpus(2.5), "nl"))
    assert not any("hits per" in text and "\n" in text for text in texts(plot_regions(made.corpus())))


def test_a_term_says_what_it_finds_and_what_it_alone_finds():
    ax = plot_terms(made.terms(), 20)
    assert lengths(ax) == {"wereld": 8, "grens": 3}
    assert title(ax) == "‘wereld’ finds 8 of the 20 fragments, 6 of them by no other term"


def test_the_central_chart_draws_shares_and_sorts_them():
    table = made.regimes()
    ax = plot_regimes(table, "consensus")
    assert lengths(ax) == pytest.approx(dict(zip(table["regime"], table["share"], strict=True)))
    assert down(ax)[0] == "roem" and lengths(ax)["roem"] == 11 / 20
    assert "55 %  (11)" in texts(ax)
    assert "n = 20 fragments. Coder: consensus" in " ".join(texts(ax))


def test_the_central_chart_draws_the_interval_and_the_range_over_coders():
    ax = plot_regimes(made.regimes())
    drawn = [tuple(np.round(line.get_xdata(), 3)) for line in ax.lines]
    assert (0.45, 0.65) in drawn and (0.5, 0.57) in drawn


def test_one_coder_alone_has_no_range_over_coders():
    alone = made.regimes().assign(coder_low=lambda rows: rows["share"], coder_high=lambda rows: rows["share"])
    assert "lowest and highest coder" in texts(plot_regimes(made.regimes()))
    assert "lowest and highest coder" not in texts(plot_regimes(alone))


def test_the_central_title_follows_the_table():
    assert title(plot_regimes(made.regimes())).startswith("Fame occurs most: in 55 %")
    clear = dict(zip(made.REGIMES, (1, 0, 2, 0, 15, 0, 0), strict=True))
    assert (
        title(plot_regimes(made.regimes(clear)))
        == "Market occurs most: in 75 % of the fragments, against 10 % for fame"
    )
    close = dict(zip(made.REGIMES, (1, 0, 6, 0, 5, 0, 0), strict=True))
    assert title(plot_regimes(made.regimes(close))) == "No regime stands out: fame 30 %, market 25 % of the fragments"


def test_one_colour_a_fragment_says_so_and_how_many_have_none():
    table = made.regimes()
    n, of = table["n"], int(table["of"].iloc[0])
    ax = plot_regimes(table.assign(n=n // 4), "consensus", one_colour=True)
    assert title(ax).startswith("One regime a fragment: ")
    assert any(f"{of - int((n // 4).sum())} fragments have no regime" in text.replace("\n", " ") for text in texts(ax))


def test_values_stand_within_their_regime_the_most_frequent_first():
    ax = plot_values(made.values())
    assert lengths(ax) == {
        "roem|imago": 7,
        "roem|media_aandacht": 4,
        "markt|financieel_succes": 5,
        "civiel|toegankelijkheid": 0,
    }
    assert down(ax) == ["roem|imago", "roem|media_aandacht", "markt|financieel_succes", "civiel|toegankelijkheid"]


def test_values_whose_intervals_overlap_are_not_ranked():
    # 7 of 20 reaches from 25 to 45 per cent here, 5 of 20 from 15 to 35, 4 of 20 from 10 to 30.
    assert title(plot_values(made.values())) == (
        "Most frequent, with intervals that overlap: ‘image’ (35 %), ‘financial success’ (25 %) and "
        "‘media attention’ (20 %)"
    )
    apart = made.values().assign(low=[0.5, 0.1, 0.1, 0.0], high=[0.7, 0.3, 0.3, 0.0])
    assert "intervals that overlap" in title(plot_values(apart))  # with regions as the unit they still do
    clear = apart.assign(region_low=apart["low"], region_high=apart["high"])
    assert title(plot_values(clear)) == "One value occurs most: ‘image’ (35 %)"


def test_regimes_stand_in_the_order_of_the_central_chart_in_every_figure():
    order = ["markt", "civiel", "roem", "huiselijk"]
    values = plot_values(made.values(), order=order)
    assert list(dict.fromkeys(key.split("|")[0] for key in down(values))) == ["markt", "civiel", "roem"]
    stance = [key.split("|")[0] for key in down(plot_stance(made.stances(), order=order)) if "motivering" in key]
    assert stance == ["markt", "roem", "all"]
    rows = points(plot_agreement(made.agreed(), order=order))
    assert sorted(rows, key=lambda name: rows[name][1]) == [*order, "primary"]
    dots = points(plot_own_region(made.profiles(), own="BrabantStad", order=order))
    ours = {name.split("|")[1]: place[1] for name, place in dots.items() if name.startswith("BrabantStad")}
    assert sorted(ours, key=ours.get)[:4] == order


def test_without_an_order_each_figure_of_one_coder_takes_the_same_one():
    n = {name: sum(row[at] for row in made.COUNTS.values()) for at, name in enumerate(made.REGIMES)}
    order = sorted(n, key=lambda name: -n[name])  # roem 11, markt 5, projectstad 4, civiel 4 ...
    assert down(plot_regimes(made.regimes())) == order
    assert list(region_squares(made.regions())[0].columns) == order


def test_what_readers_agree_on_too_little_is_said_below_the_chart():
    weak = {"markt": 0.5, "roem/imago": 0.4, "zwolle": 0.1}
    charts = (
        plot_regimes(made.regimes(), weak=weak),
        plot_heatmap(made.regions(), weak=weak),
        plot_stance(made.stances(), weak=weak),
    )
    for ax in charts:
        assert "(kappa below 0.667) on: market (0.50)." in " ".join(" ".join(texts(ax)).split())
    assert "on: image (0.40)." in " ".join(" ".join(texts(plot_values(made.values(), weak=weak))).split())
    assert "(kappa onder 0,667) over: markt (0,50)." in " ".join(
        " ".join(texts(plot_regimes(made.regimes(), lang="nl", weak=weak))).split()
    )
    assert "agree too little" not in " ".join(texts(plot_regimes(made.regimes())))


def test_the_design_effect_of_regions_is_said_below_the_chart():
    table = made.regimes().assign(deff=[0.8, 0.9, 2.25, 1.0, 1.5, 1.0, 1.2])
    words = " ".join(" ".join(texts(plot_regimes(table))).split())
    # The width of an interval goes with the root: 2.25 makes it half as wide again.
    assert "design effect up to 2.3, for fame" in words or "design effect up to 2.2, for fame" in words
    assert "up to 1.5 times as wide" in words
    assert "design effect" not in " ".join(texts(plot_regimes(table.assign(deff=0.9))))


def test_argued_and_observed_make_the_whole_and_a_regime_without_either_is_left_out():
    bars = lengths(plot_stance(made.stances()))
    assert bars["roem|motivering"] == 0.2 and bars["roem|constatering"] == 0.8
    assert bars["markt|motivering"] == 0.8 and bars["all|motivering"] == 0.4
    assert not any(key.startswith("civiel") for key in bars)


def test_a_stance_title_names_only_what_chance_does_not_explain():
    # 4 of 5 against 8 of 20 is little to go by; 40 of 50 is not.
    assert title(plot_stance(made.stances())) == (
        "40 % of the passages argue, and no regime differs from that beyond chance"
    )
    many = made.stances().assign(n=[20, 40, 0, 80], of=[100, 50, 0, 200])
    assert title(plot_stance(many)) == "40 % of the passages argue: more under market, fewer under fame"


def test_the_heatmap_writes_each_number_in_its_cell_and_sorts_by_the_leading_regime():
    ax = plot_heatmap(made.regions())
    cells = {patch.get_gid(): patch for patch in ax.patches}
    assert len(cells) == 14
    n, _, sizes = region_squares(made.regions())
    assert list(n.index) == ["We the North", "Twente"] and n.columns[0] == "roem"
    assert dict(sizes) == made.SIZES
    place = cells["Twente|civiel"].get_x() + 0.5, cells["Twente|civiel"].get_y() + 0.5
    assert (place, "1") in [(text.xy, text.get_text()) for text in ax.texts if hasattr(text, "xy")]
    assert {"n = 12", "n = 8"} <= set(texts(ax))


def test_the_heatmap_says_where_another_regime_comes_first():
    ax = plot_heatmap(made.regions())
    assert title(ax) == "Fame comes first in one of two regions"
    assert "Another regime comes first in: Twente (n = 8)." in " ".join(" ".join(texts(ax)).split())
    table = made.regions()
    table.loc[(table["region"] == "Twente") & (table["regime"] == "roem"), "n"] = 8
    assert title(plot_heatmap(table)) == "Fame comes first in every region"


def test_all_cells_of_the_heatmap_are_on_one_scale():
    ax = plot_heatmap(made.regions())
    cells = {patch.get_gid(): patch for patch in ax.patches if patch.get_gid()}
    ax.figure.draw_without_rendering()  # a heat map has its colours only then
    shades = ax.collections[0].get_facecolors()
    look = dict(zip(cells, (tuple(np.round(shade[:3], 6)) for shade in shades), strict=True))
    # Nobody of Twente has civic or domestic: 0 and 0; roem is 8 of 12 in We the North.
    assert look["Twente|projectstad"] == (1, 1, 1) == look["We the North|markt"]
    order = sorted(cells, key=lambda key: -sum(look[key]))
    squares = made.COUNTS.items()
    shares = {f"{r}|{g}": n / made.SIZES[r] for r, row in squares for g, n in zip(made.REGIMES, row, strict=True)}
    assert [shares[key] for key in order] == sorted(shares[key] for key in order)


def test_a_funnel_has_a_dot_where_a_region_is_drawn_in_to():
    ax = plot_funnel(made.pooled())
    dots = {line.get_gid(): line.get_xydata()[0] for panel in ax.child_axes for line in panel.lines if line.get_gid()}
    assert len(dots) == 4 * 7
    assert dots["We the North|roem"].tolist() == pytest.approx([12, (8 / 12 + 0.3) / 2])


def test_a_funnel_names_what_lies_outside_it_and_its_title_counts_it():
    ax = plot_funnel(made.pooled())
    assert {"We the North", "Twente"} <= set(texts(ax))
    ax.figure.draw_without_rendering()
    for panel in ax.child_axes:
        boxes = [
            text.get_window_extent() for text in panel.texts if text.get_text() in {*made.SIZES, "Zwolle", "Leiden"}
        ]
        assert len(boxes) <= 3
        assert not [1 for place, box in enumerate(boxes) for other in boxes[place + 1 :] if box.overlaps(other)]
    outside = int(((made.pooled()["share"] < 0.1 - 1e-9) | (made.pooled()["share"] > 0.5 + 1e-9)).sum())
    by_chance = f"{cells_outside(made.pooled())[1]:.1f}"
    assert title(ax) == (
        f"Of 28 cells {outside} lie outside their funnel, more than the {by_chance} or so that chance would put there"
    )
    wide = made.pooled().assign(limit_low=0.0, limit_high=1.0)
    wide.loc[0, "limit_low"] = 0.5
    assert title(plot_funnel(wide)) == (
        "Of 28 cells 1 lie outside their funnel, about as many as chance alone would put there"
    )


def test_a_funnel_of_many_regions_links_those_outside_alone_and_stays_small():
    of = np.arange(20, 160)
    table = pd.DataFrame({"region": [f"Partij {n}" for n in of], "regime": "roem", "of": of, "n": of // 2})
    table = table.assign(share=table["n"] / table["of"], mean=0.5, pooled=0.5, limit_low=0.4, limit_high=0.6)
    table.loc[[3, 50], ["n", "share"]] = 0
    ax = plot_funnel(table, link=lambda **keys: keys["region"])
    linked = {line.get_url() for panel in ax.child_axes for line in panel.lines if line.get_url()}
    assert linked == {"Partij 23", "Partij 70"}
    assert len(style.figure_bytes(ax, "svg", "funnel")) < 150_000  # a path for each region would be 180,000 a panel


def test_cells_outside_by_chance_are_counted_by_hand():
    # Two regions of two fragments, two of the four with the regime: dealt out, one has both in 2 of the 6 deals.
    rows = [("a", 2, 1.0), ("b", 0, 0.0)]
    table = pd.DataFrame(rows, columns=["region", "n", "share"]).assign(regime="roem", of=2)
    k, by_chance, p = cells_outside(table.assign(limit_low=0.5, limit_high=0.5))
    assert k == 2 and by_chance == pytest.approx(2 / 3, abs=0.06) and p == pytest.approx(1 / 3, abs=0.03)


def test_processes_name_the_pages_of_glocalisation():
    ax = plot_processes(made.regions("process"), made.glocal())
    assert {"p. 12", "no page"} <= set(texts(ax))
    assert title(ax) == "Glocalisation: 3 of 20 fragments, in 2 regions"
    assert "We the North|globalisering" in lengths(ax) and "Twente|lokalisering" not in lengths(ax)


def test_a_tenth_or_less_is_rare_and_none_is_none():
    table = made.regions("process")
    rare = table.assign(n=table["n"].where(table["process"] != "glocalisering", 1))
    assert title(plot_processes(rare, made.glocal())).startswith("Glocalisation is rare: 2 of 20")
    none = table.assign(n=table["n"].where(table["process"] != "glocalisering", 0))
    assert title(plot_processes(none, made.glocal()[:0])) == "None of the 20 fragments shows glocalisation"


def test_cases_are_the_fragments_in_which_a_process_is_seen_among_several():
    readings = pd.DataFrame(
        {"fragment": ["a", "b", "c"], "process": ["lokalisering;glocalisering", "lokalisering", pd.NA]}
    )
    fragments = pd.DataFrame({"fragment": ["a", "b", "c"], "region": "Twente", "page_first": [4, 5, 6]})
    assert list(process_cases(readings, fragments, "glocalisering")["fragment"]) == ["a"]


def test_pages_stand_in_order_each_once():
    assert page_list(pd.Series([41, 12, 41]), "en") == "p. 12, 41"


def test_dumbbells_hold_both_shares_of_the_region_that_they_are_told():
    ax = plot_own_region(made.profiles(), "consensus", own="BrabantStad")
    dots = points(ax)
    assert dots["BrabantStad|civiel"][0] == 0.5 and dots["others|civiel"][0] == 0.1
    assert dots["BrabantStad|roem"][1] < dots["BrabantStad|civiel"][1]  # fame is the more frequent among the others
    assert "+40 pp" in texts(ax) and "−40 pp" in texts(ax)


def test_only_a_difference_beyond_chance_makes_the_title():
    assert (
        title(plot_own_region(made.profiles(), own="Zeeland"))
        == "Zeeland gives civic a larger share of its codes than the other regions, and fame a smaller one"
    )
    assert title(plot_own_region(made.profiles(p=0.5), own="BrabantStad")).startswith(
        "BrabantStad and the other regions differ in no regime"
    )


def test_the_title_of_the_comparison_says_what_the_authors_codes_on_both_sides_show():
    like = pd.DataFrame({"regime": ["civiel", "roem"], "p_holm": [0.3, 1.0]})
    without = title(plot_own_region(made.profiles(), own="BrabantStad", like=like))
    assert without.endswith("and fame a smaller one; by the author's codes on both sides no regime differs")
    both = title(plot_own_region(made.profiles(), own="BrabantStad", like=like.assign(p_holm=[0.01, 1.0])))
    assert both.endswith("by the author's codes on both sides: civic")


def test_a_pair_is_marked_by_the_test_alone():
    ax = plot_together(made.together(), 20)
    # 3 of 4 civic among 5 market of 20: Fisher gives .032, which 21 pairs do not stand; nor 1 of 10 and 5.
    assert {"1", "3", "expected 2.5"} <= set(texts(ax)) and not {"1 −", "3 +"} & set(texts(ax))
    assert title(ax) == "None of 21 pairs of regimes meets more or less often than chance gives"
    apart = made.together() * 20
    assert title(plot_together(apart, 400)) == (
        "Of 21 pairs of regimes two meet less often than chance gives, and one more often"
    )
    # Fisher's test again: of 400, 200 fame and 80 civic never meet, 40 would; fame and market 20, expected 50.
    assert {"20 −", "60 +", "0 −"} <= set(texts(plot_together(apart, 400)))


def test_agreement_is_not_ranked_and_the_main_regime_stands_below():
    ax = plot_agreement(made.agreed())
    dots = points(ax)
    assert dots["roem"][0] == 0.9 and dots["markt"][0] == 0.5
    assert sorted(dots, key=lambda name: dots[name][1])[-1] == "primary"
    # Each interval begins 0.2 below its kappa: 0.7 for fame, 0.3 and 0.5 for the rest.
    assert title(ax) == "On one of four regimes the coders surely agree beyond 0.667; not on market, civic and domestic"
    sure = made.agreed().assign(kappa_low=0.7)
    assert title(plot_agreement(sure)) == "On each of four regimes the coders surely agree beyond 0.667"


def test_one_coder_alone_has_nothing_to_agree_with():
    assert title(plot_agreement(made.agreed(), ("author", "reader_a"))) == "Nothing to draw here"


def test_the_curve_rises_and_counts_where_the_leading_regime_comes_first():
    ax = plot_specifications(made.specifications())
    fame = next(line for line in ax.lines if line.get_gid() == "roem")
    assert list(fame.get_ydata()) == [0.1, 0.5, 0.6, 0.7]
    assert title(ax) == "Fame comes first alone in 3 of 4 ways of counting"


def test_all_passages_stand_apart_from_motives_and_a_shared_first_place_does_not_count():
    table = made.specifications()
    motives = table.assign(spec=table["spec"] + 4, stance="without constateringen")
    motives.loc[(motives["regime"] == "markt") & (motives["spec"] == 5), "share"] = 0.6
    ax = plot_specifications(pd.concat([table, motives]))
    assert title(ax) == "Fame comes first alone in 3 of 4 counts of all passages, and in 2 of 4 of motives"
    fame = next(line for line in ax.lines if line.get_gid() == "roem")
    assert list(fame.get_ydata()) == [0.1, 0.5, 0.6, 0.7] * 2
    assert {"all passages", "motives"} <= set(texts(ax))


def test_only_choices_that_differ_stand_below_the_curve():
    told = texts(plot_specifications(made.specifications()))
    assert "coder" in told and "unit" in told and "stance" not in told


def test_every_claim_is_a_tile_and_the_title_counts_those_that_are_judged_by_themselves():
    ax = plot_claims(made.claims())
    tiles = {patch.get_gid(): patch for patch in ax.patches if patch.get_gid()}
    assert set(tiles) == set(made.claims()["id"])
    assert tiles["C007"].get_width() < tiles["C001"].get_width()  # it is judged with C001
    assert title(ax) == "Of 5 claims that can be tested 3 hold, 1 of them on a reading or on words; 1 fail"
    assert {"holds, on a reading or on words  1", "cannot be tested  1", "fails  1"} <= set(texts(ax))
    assert tiles["C001"].get_facecolor() != tiles["C002"].get_facecolor() != tiles["C004"].get_facecolor()


def test_a_tile_says_its_claim_and_on_what_its_verdict_rests():
    named = {lang: {patch.get_label() for patch in plot_claims(made.claims(), lang).patches} for lang in ("en", "nl")}
    assert "C002 holds, on a single case, which is enough: Fame leads." in named["en"]
    assert "C007 houdt stand, met C001: Roem gaat voorop." in named["nl"]


def test_a_map_is_where_prince_puts_it():
    chart = plain_map(region_squares(made.four_regions())[0])
    # prince 0.23, CA(n_components=2, engine="scipy"), with the regime furthest out on the positive side.
    regions = {
        "We the North": (0.305071431354, -0.333426997),
        "Leiden": (-0.405888358315, -0.395307927126),
        "Twente": (-0.836448296568, 0.561774974004),
        "Zwolle": (1.301668951837, 0.619644054352),
    }
    regimes = {
        "roem": (-0.035240612614, -0.265567815372),
        "projectstad": (0.352622535361, -0.469912495527),
        "geinspireerd": (-0.621954264792, -0.144210338748),
        "huiselijk": (1.39926855185, 0.660102393697),
        "markt": (-1.103700521314, 0.879384982843),
        "civiel": (0.398485699219, 0.079197340853),
        "industrieel": (-0.484654759066, -0.307294104092),
    }
    for places, by_prince in ((chart.regions, regions), (chart.regimes, regimes)):
        assert list(places.index) == list(by_prince)
        assert np.abs(places.to_numpy() - list(by_prince.values())).max() < 1e-11
    assert chart.shares == pytest.approx((0.6301484785909953, 0.27468477988201634), abs=1e-12)
    assert chart.inertia == pytest.approx(0.7617693788041532, abs=1e-12)


def test_the_plane_shows_as_much_of_each_point_as_rs_ca_says():
    # Greenacre's smokers, as summary(ca(smoke)) prints them: qlt, and ctr of the first axis, per mille.
    table = pd.DataFrame(
        [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
        index=["SM", "JM", "SE", "JE", "SC"],
        columns=["none", "light", "medium", "heavy"],
    )
    chart = plain_map(table)
    assert chart.shares == pytest.approx((0.878, 0.118), abs=5e-4)
    quality = [893, 991, 1000, 1000, 999, 1000, 984, 983, 995]
    assert (1000 * chart.cos2).round().tolist() == quality
    contribution = [3, 84, 512, 331, 70, 654, 31, 166, 150]
    assert (1000 * chart.contribution[0]).round().tolist() == contribution


def test_the_region_read_in_full_is_projected_and_makes_no_axis():
    n, _, _ = region_squares(made.four_regions())
    chart = plain_map(n)
    # A region projected on the axes that it made itself falls on its own place.
    shares = n.loc[chart.regions.index, chart.regimes.index]
    places = shares.div(shares.sum(axis=1), axis=0).to_numpy() @ chart.axes
    assert np.abs(places - chart.regions.to_numpy()).max() < 1e-12


def test_a_map_names_no_axis_in_its_title():
    assert title(plot_map(made.four_regions())).startswith("Which way the regions lean: two axes show 90 %")


def test_a_map_of_what_chance_gives_says_so_in_its_title():
    chart = plain_map(region_squares(made.four_regions())[0])
    weak = {"huiselijk": 0.5}
    for p, words in ((0.001, "60 % of their spread is what chance alone gives"), (0.4, "no further apart than chance")):
        known = replace(chart, by_chance=0.6 * chart.inertia, shares_by_chance=0.62, p=p)
        ax = plot_map(made.four_regions(), chart=known, weak=weak)
        assert words in title(ax)
        assert "two axes would show 62 %" in " ".join(" ".join(texts(ax)).split())
        assert "domestic (0.50)" in " ".join(texts(ax))


def test_what_the_plane_hardly_shows_is_pale():
    chart = plain_map(region_squares(made.four_regions())[0])
    ax = plot_map(made.four_regions())
    alphas = {line.get_gid(): line.get_alpha() for line in ax.lines if line.get_gid()}
    order = chart.cos2.sort_values().index
    assert [alphas[name] for name in order] == sorted(alphas.values())


def test_regions_of_one_or_two_kinds_have_no_map():
    assert plain_map(pd.DataFrame([[1, 2, 3], [2, 4, 6], [1, 2, 3]])) is None
    assert plain_map(pd.DataFrame([[1, 2, 3], [2, 4, 6], [3, 2, 1]])) is None
    assert plain_map(pd.DataFrame([[1, 2, 3], [3, 1, 1]])) is None


def test_a_map_never_flips_the_regime_furthest_out_is_on_the_positive_side():
    n, _, _ = region_squares(made.four_regions())
    for table in (n, n.iloc[::-1]):
        regimes = plain_map(table).regimes
        assert all(regimes.loc[regimes[axis].abs().idxmax(), axis] > 0 for axis in (0, 1))


def test_names_on_the_map_do_not_overlap():
    ax = plot_map(made.four_regions())
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts[2:]]
    assert len(boxes) == 4 + 7
    assert not [1 for place, box in enumerate(boxes) for other in boxes[place + 1 :] if box.overlaps(other)]


def test_a_map_tells_its_inertia():
    ax = plot_map(made.four_regions())
    shares = plain_map(region_squares(made.four_regions())[0]).shares
    assert f"{100 * shares[0]:.0f} % of the inertia" in ax.get_xlabel().replace("\N{NO-BREAK SPACE}", " ")
    assert "Inertia 0.76" in " ".join(texts(ax)) and "Axis 1 runs from" in alt_text(ax)


@pytest.mark.parametrize("plot", [plot_regimes, plot_heatmap])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_corrected_share_is_drawn_with_its_interval_where_there_is_one(plot, lang):
    table = made.regimes() if plot is plot_regimes else made.regions()
    plain = plot(table, "cues", lang)
    assert "34 %" not in "".join(text.get_text() for text in plain.texts) and "27 %" not in alt_text(plain)
    ax = plot(table.assign(corrected=0.34, corrected_low=0.27, corrected_high=0.41), "cues", lang)
    drawn = "".join(text.get_text() for text in ax.figure.findobj(Text)) + alt_text(ax)
    assert "34 % (27 %–41 %)" in drawn.replace("\u00a0", " ").replace("\u202f", " ")
    assert {"en": "corrected by the sample", "nl": "gecorrigeerd met"}[lang] in drawn
    if plot is plot_regimes:
        diamonds = [line for line in ax.lines if line.get_marker() == "D"]
        assert {float(x) for line in diamonds for x in np.atleast_1d(line.get_xdata())} >= {0.34}


def many_regions(k: int = 137) -> pd.DataFrame:
    """As intervals.region_intervals, of `k` regions of 1 to k fragments, with codes that turn with the region."""
    rows = [
        {
            "region": f"Gemeente {at:03d} aan de Maas",
            "regime": name,
            **made.figures((at + 3 * place) % (at + 1), at + 1),
        }
        for at in range(k)
        for place, name in enumerate(made.REGIMES)
    ]
    return pd.DataFrame(rows)


def many_corpora(k: int = 137) -> pd.DataFrame:
    """As counts.n_by_region, of the same regions."""
    table = pd.DataFrame(
        {"region": [f"Gemeente {at:03d} aan de Maas" for at in range(k)], "fragments": range(1, k + 1)}
    )
    return table.assign(words=1, hits=1, per_10_pages=pd.array([1.0] * k, dtype="Float64"))


A4 = 297  # mm


def test_many_regions_stay_on_one_page_the_largest_named_and_the_others_counted():
    processes = many_regions().rename(columns={"regime": "process"})
    names = dict(zip(made.REGIMES, made.PROCESSES, strict=False))
    processes = processes.assign(process=processes["process"].map(names)).dropna(subset="process")
    charts = (
        plot_regions(many_corpora()),
        plot_heatmap(many_regions()),
        plot_processes(processes, made.glocal()[:0]),
        plot_map(many_regions()),
    )
    for ax in charts:
        assert ax.figure.get_figheight() * 25.4 < A4 - 20
    for ax in charts[:3]:
        shown = [text for text in texts(ax) if text.startswith("Gemeente")]
        assert len(shown) == 33 and "Gemeente 136 aan de Maas" in shown and "Gemeente 103 aan de Maas" not in shown
        assert "104 others" in texts(ax)
    # The others have 1 to 104 fragments: 104 times 105 over 2.
    assert "5460" in texts(charts[0]) and "n = 5460" in texts(charts[1])
    assert sum(lengths(charts[0]).values()) == 137 * 138 / 2 - 5460


def test_no_name_of_a_region_lies_upon_another_on_a_crowded_map():
    ax = plot_map(many_regions())
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts[2:] if text.get_text().startswith("Gemeente")]
    assert 3 < len(boxes) <= 25
    assert not [1 for place, box in enumerate(boxes) for other in boxes[place + 1 :] if box.overlaps(other)]
    assert len([line for line in ax.lines if line.get_gid()]) == 136 + 7  # the first has no code, and so no place


def test_a_name_too_long_for_its_column_is_cut_short():
    table = made.corpus().assign(region=["Samenwerkingsverband van gemeenten " * 3, "Twente"])
    ax = plot_regions(table)
    assert style.axes_width(ax) > 80
    assert any(text.startswith("Samenwerkingsverband") and text.endswith("…") for text in texts(ax))


def test_a_document_laid_open_has_a_stroke_on_each_page_with_fragments():
    ax = plot_dispersion(made.pages())
    strokes = {item.get_gid(): item for item in ax.collections if item.get_gid()}
    assert set(strokes) == {"We the North|north", "Twente|twente"}
    segments = strokes["We the North|north"].get_segments()
    assert [segment[0][0] for segment in segments] == [3, 9, 20]
    tall = [abs(segment[1][1] - segment[0][1]) for segment in segments]
    assert tall[2] > tall[0] > tall[1]
    # Only the north has ten fragments; five of them on one page, so half on one.
    assert title(ax) == "In 1 of 1 documents with ten fragments or more, half begin on three pages or fewer"
    assert "1 has no page." in " ".join(texts(ax))


def test_half_of_the_fragments_may_stand_on_one_page():
    assert [pages_for_half(pd.Series(n)) for n in ([5, 1, 4], [1, 1, 1, 1], [2, 2, 1], [9])] == [1, 2, 2, 1]


def test_only_words_beyond_chance_have_a_bar_as_long_as_their_log_ratio():
    ax = plot_keyness(made.words(), 2)
    assert lengths(ax) == {"Twente|fietsen": 3, "We the North|noorden": 5}
    assert title(ax) == "2 words set a region apart, in 2 of 2 regions"
    assert {"6 here, 2 elsewhere", "7 here, 0 elsewhere"} <= set(texts(ax))


def test_the_words_of_three_thousand_bars_are_cut_at_the_end_of_an_item_and_those_of_a_few_are_not():
    assert "…" not in alt_text(plot_keyness(made.words(), 2))
    many = pd.concat([made.words()[:1].assign(word=f"woord{n}") for n in range(3000)], ignore_index=True)
    alt = alt_text(plot_keyness(many, 2))  # uncut it had 150,000 letters, more than a cell of a CSV may have
    assert len(alt) <= style.LONGEST_ALT + len("; …")
    assert alt.endswith("in 6 passages, elsewhere in 2; …")


def test_the_blocks_of_a_flow_are_as_tall_as_what_they_count():
    ax = plot_flows(made.flows(), made.by_stance())
    tall = {patch.get_gid(): patch.get_height() for patch in ax.patches if patch.get_gid()}
    assert set(tall) == {"roem", "markt", "motivering", "constatering", "lokalisering"}
    # 11 of fame and 5 of the market; 6 argue and 10 observe.
    assert tall["roem"] / tall["markt"] == pytest.approx(11 / 5)
    assert tall["motivering"] / tall["constatering"] == pytest.approx(6 / 10)
    assert {"Fame  11", "Market  5", "argues  6", "no process  10"} <= set(texts(ax))


def test_the_title_of_a_flow_follows_its_test():
    assert title(plot_flows(made.flows(), made.by_stance())) == (
        "A process shows in 100 % of the passages that argue and in 0 % of those that observe"
    )
    assert title(plot_flows(made.flows(), made.by_stance(p=0.3))).startswith(
        "Passages that argue show a process no more often"
    )


def test_saturation_says_when_the_last_new_value_came():
    assert title(plot_saturation(made.saturation())) == ("All 9 values that a reader met had come by region 2 of 3")
    assert {"+7", "+2"} <= set(texts(plot_saturation(made.saturation())))
    late = made.saturation().assign(new=[7, 0, 2], values=[7, 7, 9])
    assert title(plot_saturation(late)).startswith("New values come up to the last of 3 regions")
