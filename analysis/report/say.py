"""The sentences and small tables that the notebooks print, computed from the tables they speak of."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML
from markupsafe import Markup

from analysis.claims import conclusion_sentence, ledger, orderings, verdicts_sentence
from analysis.coding import Codebook, CodedStudy, Study, codebooks, coders, cues, model_coder, scores
from analysis.counting import agreement, comparison, counts, estimation
from analysis.figures import certainty, labels
from analysis.report import needs
from analysis.report.passages import keyed, plain_html
from analysis.report.run import Run
from analysis.report.templates import md, render
from analysis.search import Term
from analysis.study import Corpus, colours, messages, paths, settings, tables
from analysis.thesis import OWN, author_ledger


def percent_en(share: float) -> str:
    """A share as a whole per cent: 0.614 is "61 %", with a plain space, so that a reader can search for it."""
    return messages.translator().percent(share).replace(" ", " ")


def tier(corpus: Corpus, lang: str = "en") -> str:
    """Which tier a run is on, and what that means: what was read, not what was given."""
    t = messages.translator(lang)
    read = _read(corpus, t)
    return t("Corpus **{title}**, tier **{tier}**: {read}", title=md(corpus.title), tier=corpus.tier, read=read)


def _read(corpus: Corpus, t: messages.Translator) -> str:
    if corpus.tier == "features":
        return t("no source is in place; passages are shown by page and gist.")
    thesis, n = corpus.thesis_file(), len(corpus.profile_files())
    profiles = t.plural("{n} profile", "{n} profiles", n)
    if thesis is not None and n:
        return t(
            "passages are read from `{file}` and quoted. Beside it, to search again: {profiles}.",
            file=thesis.name,
            profiles=profiles,
        )
    if thesis is not None:
        return t("passages are read from `{file}` and quoted.", file=thesis.name)
    if corpus.has_thesis:
        return t(
            "among the sources: {profiles}, and no thesis; its fragments were not read, and are shown by page and "
            "gist as they ship.",
            profiles=profiles,
        )
    return t("passages are read from the source and quoted.")


def term_table(terms: tuple[Term, ...]) -> pd.DataFrame:
    """The terms as the thesis writes them, each with the pattern that we look for."""
    return pd.DataFrame([(term.term, term.expression) for term in terms], columns=["term", "pattern"])


def document_table(corpus: Corpus, fragments: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """The regions with their documents: what each is, its year, how it was read, and the fragments it gives."""
    t, own = messages.translator(lang), corpus.settings.get("own_region")
    rows, n = corpus.documents, fragments["document"].value_counts()
    in_full = rows["region"] == own
    kinds = {"profile": t("profile"), "annex": t("annex"), "addendum": t("addendum"), "plan": t("operational plan")}
    return pd.DataFrame(
        {
            # The title apart from the region: side by side they would read as a line of the thesis.
            t("region"): rows["region"],
            t("kind"): rows["role"].map(kinds).fillna(rows["role"]),
            t("year"): rows["year"],
            t("document"): rows["title"],
            t("read"): in_full.map({True: t("in full"), False: t("where a term stands")}),
            t("fragments"): rows["document"].map(n).fillna(0).astype(int).astype(str).mask(in_full, ""),
        }
    )


def key_table(*codebooks: Codebook) -> pd.DataFrame:
    """Every key of the tables beside its English and its Dutch name; a value stands under its regime."""
    rows = []
    for book in codebooks:
        for regime in book.regimes:
            rows.append((book.name, regime.key, regime.label_en, regime.label))
            if book.name == "regimes":
                rows += [(f"  {regime.key}", value.key, value.label_en, value.label) for value in regime.values]
    return pd.DataFrame(rows, columns=["of", "key", "English", "Nederlands"])


def key_list(lang: str = "en") -> HTML:
    """The key of the tables, folded: regimes with their values, processes and stances."""
    t = messages.translator(lang)
    keys = key_table(*(labels.codebook_in_use(name) for name in ("regimes", "processes", "stances")))
    summary = t.plural("The key: {n} word of the tables", "The key: {n} words of the tables", len(keys))
    books = {"regimes": t("regimes"), "processes": t("processes"), "stances": t("stances")}
    keys = keys.replace({"of": books}).rename(columns={"of": t("of"), "key": t("key")})
    return HTML(Markup("<details><summary>{}</summary>{}</details>").format(summary, plain_html(keys)))


def with_names(table: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """A table as a notebook shows it: each key of a regime, value, process or stance has its name before it."""
    names = _names_of_keys(lang)
    shown = table.copy()
    for column in _CODED & set(table):
        of = table["regime"] if column == "value" and "regime" in table else pd.Series("", index=table.index)
        pairs = zip(of.astype(object), table[column].astype(object), strict=True)
        shown[column] = [names.get((regime, key)) or names.get(("", key), key) for regime, key in pairs]
    index = {key: name for (_, key), name in names.items()}
    return shown.rename(index=index, columns=index if table.columns.isin(index).sum() > 1 else {})


_CODED = {"regime", "regime_1", "regime_2", "process", "stance", "value", "name", "here", "and here"}


def _names_of_keys(lang: str) -> dict[tuple[str, str], str]:
    """ "Fame (roem)" by ("", "roem"), and "image (imago)" by ("roem", "imago") as by ("", "imago")."""
    names: dict[tuple[str, str], str] = {}
    for book in map(labels.codebook_in_use, ("regimes", "processes", "stances")):
        for regime in book.regimes:
            names["", regime.key] = keyed(labelled(regime, lang), regime.key)
            for value in regime.values if book.name == "regimes" else ():
                name = names[regime.key, value.key] = keyed(labelled(value, lang), value.key)
                names.setdefault(("", value.key), name)
    return names


def fragments_sentence(regions: pd.DataFrame, lang: str = "en") -> str:
    """How many fragments, in how many regions, and how unevenly."""
    if not regions["fragments"].sum():
        return nothing_to_code(lang)
    t, ordered = messages.translator(lang), regions.sort_values("fragments", ascending=False, kind="stable")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    return t(
        "**{n} fragments** from {regions} regions, with {hits} hits. {most} gives most ({n_most}), {fewest} fewest "
        "({n_fewest}). A long document can give more than a short one.",
        n=int(regions["fragments"].sum()),
        regions=len(regions),
        hits=int(regions["hits"].sum()),
        most=md(first["region"]),
        n_most=first["fragments"],
        fewest=md(last["region"]),
        n_fewest=last["fragments"],
    )


def rejected_sentence(study: Study, lang: str = "en") -> str:
    """How many fragments a reader has set aside, or how one does."""
    t, n = messages.translator(lang), len(study.rejected)
    if not n:
        return t(
            "Every fragment counts. One that is no evidence, since its term means something else there, is rejected in "
            "the table `decisions.csv` (fragment, decision, reason), on a coding sheet (`make sheet CODER=name`) or on "
            "the board (`code_by_hand.ipynb`); it then stands here."
        )
    total = t.plural("{n} fragment", "{n} fragments", n + len(study.fragments))
    return t.plural(
        "**{n} of {total} is rejected** by a reader, with this reason; it counts nowhere in what follows. It is kept "
        "again in the table `decisions.csv`, on a coding sheet or on the board.",
        "**{n} of {total} are rejected** by a reader, each with its reason; they count nowhere in what follows. One is "
        "kept again in the table `decisions.csv`, on a coding sheet or on the board.",
        n,
        total=total,
    )


def terms_sentence(by_term: pd.DataFrame, study: Study, lang: str = "en") -> str:
    """Which term finds most, which fragments one spelling alone finds, and how many carry no term."""
    if by_term.empty:
        return ""
    t, first = messages.translator(lang), by_term.iloc[0]
    alone, without = by_term.set_index("term")["alone"].get("(inter-)"), len(counts.without_hits(study))
    parts = [
        t(
            "“{term}” finds most: {n} of {of} fragments.",
            term=md(first["term"]),
            n=first["fragments"],
            of=len(study.fragments),
        ),
        t.plural(
            "{n} fragment is found only through “(inter)nationaal” and its forms.",
            "{n} fragments are found only through “(inter)nationaal” and its forms.",
            int(alone),
        )
        if alone is not None
        else "",
        t.plural("{n} fragment carries none of the terms.", "{n} fragments carry none of the terms.", without)
        if without
        else "",
    ]
    return " ".join(filter(None, parts))


def nothing_to_code(lang: str = "en") -> str:
    """What a run says of documents in which no term stands."""
    t = messages.translator(lang)
    return t("No search term stands in any document of this corpus, so there is nothing to code or to count.")


def codebook_table(codebook: Codebook, lang: str, sections: bool = True) -> pd.DataFrame:
    """The values of each regime with their definitions, and the sections of the thesis that each rests on.

    Without `sections` only what a codebook of one's own names as the source of each.
    """
    rows = [
        (
            keyed(labelled(regime, lang), regime.key),
            keyed(labelled(value, lang), value.key),
            getattr(value, f"definition_{lang}"),
            value.source,
        )
        for regime in codebook.regimes
        for value in regime.values
    ]
    table = pd.DataFrame(rows, columns=["regime", "value", "definition", "section"])
    if sections:
        return table
    table = table.rename(columns={"section": "source"})
    table["source"] = table["source"].fillna("").mask(table["source"].fillna("").str.fullmatch(r"[\d.;,\s]*"), "")
    return table if table["source"].any() else table.drop(columns="source")


def labelled(thing: object, lang: str) -> str:
    """The label of a regime or value in one of the two languages."""
    return thing.label_en if lang == "en" else thing.label


def coder_table(study: CodedStudy, lang: str = "en") -> pd.DataFrame:
    """Every coder: what it is, where it comes from, how many fragments it read, how many of those carry a regime.

    And the versions of the codebook by which it coded.
    """
    t = messages.translator(lang)
    read = study.readings.groupby("coder")["fragment"].nunique()
    coded = study.codings.groupby("coder")["fragment"].nunique().reindex(read.index, fill_value=0)
    models = model_coder.read_models(study.corpus).set_index("coder", drop=False)
    what = {name: labels.coder_described(name, lang) for name in read.index}
    what |= {name: model_coder.model_sentence(row, lang) for name, row in models.iterrows() if name in what}
    columns = {t("coder"): read.index, t("what it is"): list(what.values())}
    columns |= {t("from"): map(coders.coder_source, read.index), t("read"): read.array, t("with a regime"): coded.array}
    by_version = _versions(study)
    noted = ["; ".join(key or t("not known") for key in by_version.get(name, [])) for name in read.index]
    return pd.DataFrame(columns | {t("codebook"): noted})


def _versions(study: CodedStudy) -> dict[str, list[str]]:
    """The versions of the codebook by which each coder coded, "" for one not known; none for the thesis's author."""
    noted = coders.coder_versions(study.corpus).groupby("coder")["codebook"].agg(list)
    readers = [name for name in study.coders if name not in (tables.AUTHOR, "author_marks")]
    now = {cues.CUE_CODER: [codebooks.codebook_version(study.corpus.shelf)]}
    return {name: now.get(name) or noted.get(name, [""]) for name in readers}


def versions_sentence(study: CodedStudy, lang: str = "en") -> str:
    """The version of the codebook at hand, and which coders coded by another one, or by one that is not known."""
    t, now = messages.translator(lang), codebooks.codebook_version(study.corpus.shelf)
    by_coder = _versions(study)
    parts = [t("The codebook at hand is version {version}.", version=now)]
    for coder, versions in by_coder.items():
        others = [key for key in versions if key not in ("", now)]
        if others:
            parts.append(
                t(
                    "{coder} coded by another version ({others}), in which a code may have been defined otherwise.",
                    coder=coder,
                    others=t.listed(others),
                )
            )
    unknown = [coder for coder, versions in by_coder.items() if "" in versions]
    if unknown:
        parts.append(
            t(
                "Of codings by {coders}, all or some, it was not noted by which version they were made.",
                coders=t.listed(unknown),
            )
        )
    return " ".join(parts)


def leading(regimes: pd.DataFrame, codebook: Codebook, n_fragments: int, coder: str, lang: str) -> str:
    """The most frequent regime and the runner-up under one coder, of the fragments that it has read.

    `regimes` has regime and the figures of `regime_intervals`; `n_fragments` are all there are.
    """
    t, rows = messages.translator(lang), [row for _, row in regimes.iloc[:2].iterrows()]
    by = t("Coder: {coder}.", coder=md(labels.coder_name(coder, lang)))
    if not rows or not rows[0]["n"]:
        return " ".join([t("No fragment has a regime."), by])
    first, second = rows[0], rows[-1]
    names = [md(labelled(codebook[row["regime"]], lang)) for row in rows]
    led = t("**{first}** leads: {n} of {of} fragments ({share}).", **_counted(first, names[0], t))
    if first["of"] < n_fragments:
        led = t(
            "**{first}** leads: {n} of the {of} fragments that the coder has read ({share}); there are {all}.",
            all=n_fragments,
            **_counted(first, names[0], t),
        )
    parts = [led]
    if len(rows) > 1:
        share = t.percent(second["share"])
        parts.append(t("Next comes {second} with {n} ({share}).", second=names[1], n=int(second["n"]), share=share))
        parts += [_order_sure(first, second, t), _beyond_terms(first, second, names, t)]
    return " ".join(filter(None, [*parts, by, cue_words_alone(coder, lang)]))


def _counted(row: pd.Series, name: str, t: messages.Translator) -> dict[str, object]:
    return {"first": name, "n": int(row["n"]), "of": int(row["of"]), "share": t.percent(row["share"])}


def _order_sure(first: pd.Series, second: pd.Series, t: messages.Translator) -> str:
    if first["low"] <= second["high"]:
        return t("Their intervals overlap, so the order is not certain.")
    if first.get("region_low", first["low"]) > second.get("region_high", second["high"]):
        return t("Their intervals lie far apart, with regions as the unit too.")
    return t("Their intervals lie far apart, but not with regions as the unit.")


def _beyond_terms(first: pd.Series, second: pd.Series, names: list[str], t: messages.Translator) -> str:
    """How the two stand without the cues that are search terms themselves; nothing of other coders."""
    if "n_beyond_terms" not in first:
        return ""
    n, n_2 = (int(row["n_beyond_terms"]) for row in (first, second))
    if (n, n_2) == (first["n"], second["n"]):
        return t("Without the cues that are search terms themselves both numbers are the same.")
    figures = {"first": names[0], "second": names[1], "n": n, "n_2": n_2}
    if n > n_2:
        return t("Without the cues that are search terms themselves it is {first} {n}, {second} {n_2}.", **figures)
    return t(
        "**Without the cues that are search terms themselves it does not lead**: {first} {n}, {second} {n_2}.",
        **figures,
    )


def cue_words_alone(coder: str, lang: str = "en") -> str:
    """What is said wherever the cues alone have coded; nothing for any other coder."""
    t = messages.translator(lang)
    return t("Coded by cue words alone: read a sample before you cite this.") if coder == cues.CUE_CODER else ""


def how_good_cues(corpus: Corpus, coder: str, lang: str = "en") -> str:
    """How far the cues may be trusted on this corpus, and how to do better; nothing for any other coder."""
    t, places = messages.translator(lang), corpus.places
    if coder != cues.CUE_CODER:
        return ""
    parts = [cue_words_alone(coder, lang)]
    outside = pd.read_csv(places.table("outside")) if places.table("outside").is_file() else pd.DataFrame()
    if len(outside) and not outside["n"].any():
        parts.append(t("The codes or cues are its own, and nobody has measured them elsewhere."))
    elif len(outside):
        row = outside.set_index("regime").loc["micro"]
        figures = {"f1": t.number(row[scores.ASIDE]), "low": t.number(row["low"]), "high": t.number(row["high"])}
        parts.append(
            t(
                "On {n} codes in sentences of other places their micro-F1 is {f1} ({low} to {high}).",
                n=int(row["n"]),
                **figures,
            )
        )
    home = paths.PROCESSED / paths.DEFAULT_CORPUS / "coders.csv"
    if home.is_file() and corpus.shelf.table("cues").parent == paths.CODEBOOK:  # cues of one's own were not made there
        f1 = pd.read_csv(home).set_index("coder").loc[cues.CUE_CODER, "micro_regions_out"]
        parts.append(
            t(
                "On the profiles that they were made for it is {f1}, with each of these left out in turn.",
                f1=t.number(f1),
            )
        )
    sheet = t(
        "`make sheet CODER=name CORPUS={corpus} ORDER=representative SAMPLE=60` draws a sample to read.",
        corpus=corpus.name,
    )
    return " ".join([*parts, sheet])


# The author's codes beside a coder's


def published_sentence(study: CodedStudy, lang: str = "en") -> str:
    """How many fragments chapter 4 codes in print, and how many of those can be compared: each number once."""
    t, author = messages.translator(lang), study.of(tables.AUTHOR)
    coded, read = set(author.codings["fragment"]), author.readings
    observed = set(read.loc[read["stance"] == "constatering", "fragment"]) - coded
    return t(
        "Chapter 4 prints a code for {published} fragments. For {rejected} of them it only turns a code down, which "
        "leaves {read}. Of these {coded} have a regime, {observed} are called an observation without one, and "
        "{process} have a process only. So regimes can be compared on {compared} fragments.",
        published=len(study.published),
        rejected=len(study.published) - len(read),
        read=len(read),
        coded=len(coded),
        observed=len(observed),
        process=len(read) - len(coded) - len(observed),
        compared=len(coded) + len(observed),
    )


def author_sentence(study: CodedStudy, coder: str, lang: str = "en") -> str:
    """How many of the author's published codes a coder gives too, how many first, and how many it adds."""
    t, rows = messages.translator(lang), author_table(study).set_index("coder")
    if coder not in rows.index:
        return ""
    row = rows.loc[coder]
    return t(
        "Of the author's {of} published regimes {coder} has {regimes}, {first} of them in the first place; of her {of} "
        "values {values}, of her {of_processes} processes {processes}. To the same fragments it gives {added} regimes "
        "that she does not.",
        coder=coder,
        **{name: int(row[name]) for name in AUTHOR_COUNTS},
    )


AUTHOR_COUNTS = ["of", "regimes", "first", "values", "of_processes", "processes", "added"]


def author_table(study: CodedStudy) -> pd.DataFrame:
    """Per coder, how many of the author's published codes it gives too: coder, AUTHOR_COUNTS."""
    author = study.of(tables.AUTHOR)
    hers, fragments = author.codings, set(author.codings["fragment"])
    regimes, values = (_pairs(hers, names) for names in (["regime"], ["regime", "value"]))
    processes = _pairs(counts.process_rows(author.readings), ["process"])
    rows = []
    for coder in study.whole_readers:
        theirs, readings = study.of(coder).codings, study.of(coder).readings
        given = _pairs(theirs, ["regime"])
        first = _pairs(theirs[theirs["rank"] == 1], ["regime"])
        added = {pair for pair in given - regimes if pair[0] in fragments}
        shared = len(regimes & given), len(regimes & first), len(values & _pairs(theirs, ["regime", "value"]))
        seen = processes & _pairs(counts.process_rows(readings), ["process"])
        rows.append((coder, len(regimes), *shared, len(processes), len(seen), len(added)))
    return pd.DataFrame(rows, columns=["coder", *AUTHOR_COUNTS])


def _pairs(rows: pd.DataFrame, columns: list[str]) -> set[tuple[str, ...]]:
    return set(rows[["fragment", *columns]].itertuples(index=False, name=None))


def adjudication_sentence(study: CodedStudy, first: str, second: str, settled: str, lang: str = "en") -> str:
    """Where two readers gave other regimes, whose the reading made of both is, and whether it is the larger one."""
    t = messages.translator(lang)
    if first == second or settled in (first, second) or settled not in study.coders:
        return ""
    a, b, made = (_codes_in_order(study.of(name).codings) for name in (first, second, settled))
    every = [tuple(codes.get(name, ()) for codes in (a, b, made)) for name in study.fragments["fragment"]]
    disputed = [sides for sides in every if sides[0] != sides[1]]
    if not disputed:
        return ""
    of_second = [both == other for _, other, both in disputed]
    of_first = [both == one for one, _, both in disputed]
    union = [set(both) == {*one, *other} and both not in (one, other) for one, other, both in disputed]
    return t(
        "The two readers gave other codes, or the same in another order, to {disputed} of {total} fragments. Of these "
        "{settled} took {n_second} from {second}, {n_first} from {first}, and both together in {union}; in {large} it "
        "has at least as many codes as the larger reading.",
        disputed=len(disputed),
        total=len(every),
        settled=settled,
        first=first,
        second=second,
        n_second=sum(of_second),
        n_first=sum(of_first),
        union=sum(union),
        large=sum(len(both) >= max(len(one), len(other)) for one, other, both in disputed),
    )


def _codes_in_order(codings: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    codes = codings.assign(code=codings["regime"] + "/" + codings["value"].fillna("")).sort_values("rank")
    return codes.groupby("fragment")["code"].agg(tuple).to_dict()


def coded_sentence(study: CodedStudy, coder: str, lang: str = "en") -> str:
    """How many fragments have a regime under a coder, and how many more than one."""
    t = messages.translator(lang)
    n = counts.once(study.of(coder).codings).groupby("fragment").size()
    of = len(study.of(coder).readings)
    return t(
        "{coder} gives a regime to {n} of {of} fragments ({share}), and more than one to {several}: {codes} regimes in "
        "all.",
        coder=coder,
        n=len(n),
        of=of,
        share=t.percent(len(n) / of),
        several=int((n > 1).sum()),
        codes=int(n.sum()),
    )


def kappa_table(agreed: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Cohen's kappa of two coders per regime and for the primary one, on all and on unpublished fragments."""
    pair = agreed[(agreed["level"] == "regime") & agreed["coder_1"].isin([first, second])]
    pair = pair[pair["coder_2"].isin([first, second])]
    wide = pair.pivot(index="name", columns="fragments", values=["kappa", "kappa_low", "kappa_high"])
    wide.columns = [f"{figure}, {which}" for figure, which in wide.columns]
    return wide[sorted(wide.columns, key=lambda name: name.split(", ")[1])].rename_axis("regime")


def cues_sentence(compared: pd.DataFrame, coder: str, lang: str = "en") -> str:
    """How well the cue coder follows a reading, seen and unseen, and whether a learned coder does better."""
    t = messages.translator(lang)
    if compared.empty:
        return t(
            "No reader has coded this corpus, so nobody can say how good the cues are. "
            "`make sheet CODER=name` makes a sheet to code by hand; `make code-in SHEET=file` reads it back."
        )
    table = compared.set_index("coder")
    best = table["micro_regions_out"].drop(scores.BASELINE, errors="ignore").idxmax()
    own = table.loc["cues"]
    parts = [
        t(
            "Against {coder} the cues reach a micro-F1 of **{f1}**, and **{unseen}** when each region is coded without "
            "what its own reading taught.",
            coder=coder,
            f1=t.number(own["micro"], 2),
            unseen=t.number(own["micro_regions_out"], 2),
        )
    ]
    if best == "cues":
        parts.append(t("No learned coder does better on unseen regions, so none is kept."))
    else:
        score = t.number(table.loc[best, "micro_regions_out"], 2)
        parts.append(t("On unseen regions {best} does better ({score}).", best=best, score=score))
    if scores.BASELINE in table.index:
        score = t.number(table.loc[scores.BASELINE, "micro"], 2)
        parts.append(t("To give every fragment the most frequent regime reaches {score}.", score=score))
    return " ".join(parts)


def drifted(study: Study, lang: str = "en") -> str:
    """How the fragments of this run compare with those that ship, and what was compared."""
    t, n = messages.translator(lang), study.drift.get("status", pd.Series(dtype=str)).value_counts()
    if not study.source or n.empty:
        return _nothing_compared(study, t)
    names = {
        "same": t("same"),
        "same letters": t("same letters"),
        "changed": t("changed"),
        "missing": t("missing"),
        "new": t("new"),
    }
    counted, n_read = (
        labels.enumerated([f"{n[name]} {names.get(name, name)}" for name in n.index], lang),
        len(study.fragments),
    )
    facts = {"n": n_read, "source": study.source, "counted": counted}
    if "same letters" in n:
        said = t(
            "Compared with what ships, by fingerprint, were the {n} fragments of `{source}`: {counted} (blanks, "
            "hyphens or quotation marks differ).",
            **facts,
        )
    else:
        said = t("Compared with what ships, by fingerprint, were the {n} fragments of `{source}`: {counted}.", **facts)
    forms = study.anchors["form"]
    if not len(forms):
        return said
    anchors = {"n": len(forms), "found": int((forms != "missing").sum())}
    lost = labels.enumerated(map(str, study.anchors.loc[forms == "missing", "n"]), lang)
    if lost:
        told = t(
            "Of the {n} published codes {found} were found again in its chapters; not found: {lost}.",
            lost=lost,
            **anchors,
        )
    else:
        told = t("Of the {n} published codes {found} were found again in its chapters.", **anchors)
    return f"{said} {told}"


def _nothing_compared(study: Study, t: messages.Translator) -> str:
    if study.source:  # a thesis was read, and its corpus ships no features yet
        return t(
            "Nothing was compared: the fragments are read from `{source}`, and this corpus ships none.",
            source=study.source,
        )
    if "text" in study.fragments:
        return t("Nothing was compared: the fragments come from this search, and no thesis stands beside them.")
    return t("Nothing was compared: this run reads what ships. With the thesis in place, every fragment is.")


def outside_sentence(table: pd.DataFrame, agreed: float, codebook: Codebook, lang: str, of: str = "nl") -> str:
    """How the cues do on sentences nobody tuned them to, per regime with intervals, and what that was measured on.

    `of` is the language of the documents.
    """
    rows, t = table.set_index("regime"), messages.translator(lang)
    if not rows.at["micro", "n"]:
        return t(
            "The codes or cues of this study are its own, and nobody has measured how they do on other documents: read "
            "a sample before you cite a share."
        )
    whole = rows.loc["micro"]
    regimes = ", ".join(
        f"{labelled(regime, lang)} {t.number(rows.at[regime.key, scores.ASIDE])} "
        f"({t.number(rows.at[regime.key, 'low'])}–{t.number(rows.at[regime.key, 'high'])})"
        for regime in codebook.regimes
    )
    figures = {"n": int(whole["n"]), "regimes": regimes, "agree": t.number(agreed)}
    figures |= {"f1": t.number(whole[scores.ASIDE]), "low": t.number(whole["low"]), "high": t.number(whole["high"])}
    if of == "en":
        return t(
            "On **{n} codes in English sentences of other places** the cues reach a micro-F1 of **{f1}** "
            "({low}–{high}). Per regime: {regimes}. The sentences, most of them shortened, stand on public pages "
            "on culture abroad. One large language model made the cues, chose the sentences and gave both "
            "readings in one sitting in November 2026 (they agree at {agree}); no person read them, so the figure "
            "is rather too high: read a sample before you cite a share.",
            **figures,
        )
    return t(
        "On **{n} codes in sentences of other places, kept aside** when the cues were made, they reach a micro-F1 of "
        "**{f1}** ({low}–{high}; {inside}). Per regime: {regimes}. These are Dutch sentences of public pages on "
        "culture abroad, read twice by a large language model in November 2026, the second time without sight of the "
        "first (the readings agree at {agree}); no person read them, and who made the cues had gathered both halves. "
        "On sentences that others gathered an earlier version of the cues did worse, as the codebook's README tells: "
        "expect no more than this of a new corpus.",
        inside=_inside(whole, t),
        **figures,
    )


def _inside(whole: pd.Series, t: messages.Translator) -> str:
    """How the cues do on the corpus that they were made on, where somebody has read it."""
    if whole.isna()["inside"]:
        return t("nobody has read this corpus")
    return t(
        "on the fragments that they were made on {a}, with each region left out {b}",
        a=t.number(whole["inside"]),
        b=t.number(whole["regions_out"]),
    )


def corrected_sentence(study: CodedStudy, codebook: Codebook, lang: str) -> str:
    """The shares one can publish, each with its interval and how it was come by; or how to come by them."""
    reader, table = estimation.study_shares(study)
    t = messages.translator(lang)
    if not reader:
        return t(
            "Nobody has read a random sample of this corpus, so no share is corrected. `make sheet CODER=name "
            "ORDER=representative SAMPLE=60` draws one and keeps the chance of each fragment."
        )
    kinds = {"corrected": t("corrected"), "sample": t("the sample alone, which is surer here")}
    items = []
    for _, row in table.sort_values("corrected", ascending=False, kind="stable").iterrows():
        share, low, high = estimation.published_share(row)
        name, kind = labelled(codebook[row["regime"]], lang), kinds[row["best"]]
        span = f"{t.number(100 * low, 0)}–{t.number(100 * high, 0)}"
        items.append(f"**{name} {percent_en(share)}** ({span}), {kind}")
    first = table.iloc[0]
    return t(
        "Read by {reader} ({of} of {total} fragments, at random), the rest by {cheap}: {list}. {more} more fragments "
        "make these intervals half as wide: `make sheet CODER={reader} ORDER=representative SAMPLE={next}` draws them, "
        "the least certain with more chance.",
        reader=reader,
        cheap="cues",
        list="; ".join(items),
        of=first["of"],
        total=len(study.fragments),
        more=first["more"],
        next=first["of"] + first["more"],
    )


def refound_sentence(again: pd.DataFrame, lang: str = "en") -> str:
    """How much of the appendix a search of the profiles finds again; `again` is the table of features.find_again."""
    t = messages.translator(lang)
    if again.empty:
        return t("No profile of this corpus lies among the sources, so the search is not repeated here.")
    total = again.sum(numeric_only=True)
    return t(
        "A search of the profiles finds {n} of the {of} fragments again, {on_page} of them on the page that the thesis "
        "cites, and {others} passages that the appendix does not have from that document.",
        n=total["found"],
        of=total["fragments"],
        on_page=total["on the page"],
        others=total["other fragments"],
    )


_PLACE = ["region", "document", "page_first", "page_last"]
PROCESS_COLUMNS = ["process", "role", "fragment", "region", "page_first", "gist"]
_SURE = 0.05  # p, the field's convention


def _nothing_beside(lang: str) -> str:
    t = messages.translator(lang)
    return t("No region of this corpus was read in full, so there is nothing to set beside the searched profiles.")


def process_definitions(processes: Codebook, lang: str) -> pd.DataFrame:
    """The four processes with their definitions."""
    rows = [(regime.key, getattr(regime.values[0], f"definition_{lang}")) for regime in processes.regimes]
    return pd.DataFrame(rows, columns=["process", "definition"])


def author_processes(study: CodedStudy) -> pd.DataFrame:
    """The passages that section 4.1 names for a process, with the role the author gives them, by their number n."""
    codes = author_ledger(study.corpus)
    named = codes[(codes["kind"] == "process") & codes["section"].str.startswith("4")].drop(columns=_PLACE)
    placed = named.merge(study.fragments[["fragment", *_PLACE, "gist"]], on="fragment", how="left")
    return placed[PROCESS_COLUMNS].set_index(placed["n"])


def process_fragments(study: CodedStudy, coder: str) -> pd.DataFrame:
    """A row per fragment and process under one coder: where it stands, and what it says."""
    rows = counts.process_rows(study.of(coder).readings)
    placed = rows.merge(study.fragments[["fragment", *_PLACE, "gist"]], on="fragment")
    return placed[["process", "fragment", *_PLACE, "stance", "gist"]].sort_values(["process", "region"], kind="stable")


def processes_coded(study: CodedStudy, coder: str, lang: str = "en") -> str:
    """How many fragments show a process under one coder, or that none does."""
    t, readings = messages.translator(lang), study.of(coder).readings
    n = int(readings["process"].notna().sum())
    if not n:
        return t("Coder {coder} sees no process in any fragment of this corpus.", coder=md(coder))
    facts = {"of": len(study.fragments), "coder": md(labels.coder_name(coder, lang))}
    return t.plural(
        "{n} of {of} fragments shows a process. Coder: {coder}.",
        "{n} of {of} fragments show a process. Coder: {coder}.",
        n,
        **facts,
    )


# Of 4.1's examples of localisation, those in which the local goes on beside the international (codings/author.csv).
_SIDE_BY_SIDE = (10, 11)


def localisation_kinds(named: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """The author's examples of localisation by the two kinds that 4.1 tells apart; `named` as author_processes."""
    t, rows = messages.translator(lang), named[named["process"] == "lokalisering"]
    kinds = [t("side by side") if n in _SIDE_BY_SIDE else t("involved") for n in rows.index]
    return rows.assign(kind=kinds)[["kind", "fragment"]]


def cases_sentence(named: pd.DataFrame, cases: pd.DataFrame, coder: str, lang: str = "en") -> str:
    """How many of the cases of glocalisation that the author accepts a coder has too, and how many it adds."""
    t, rows = messages.translator(lang), named[named["process"] == "glocalisering"]
    hers = rows[rows["role"] == "example"]["fragment"]
    turned_down = rows[rows["role"] == "counterexample"]["fragment"]
    return t(
        "Of the author's {n} examples {coder} has {k}; of the {m} passages that she turns down it takes {j}; {added} "
        "are cases that she does not name as one.",
        n=len(hers),
        k=int(hers.isin(cases["fragment"]).sum()),
        m=len(turned_down),
        j=int(turned_down.isin(cases["fragment"]).sum()),
        added=int((~cases["fragment"].isin(hers)).sum()),
        coder=md(coder),
    )


def processes_sentence(shares: pd.DataFrame, regions: pd.DataFrame, book: Codebook, coder: str, lang: str) -> str:
    """How often each process shows, and in how many regions; `regions` has one row per region."""
    t, rows = messages.translator(lang), shares.set_index("process")
    parts = []
    for name, row in rows.sort_values("n", ascending=False, kind="stable").iterrows():
        facts = {
            "process": md(labelled(book[name], lang).lower()),
            "k": int(row["n"]),
            "share": t.percent(row["share"]),
        }
        in_regions = int((regions[name] > 0).sum())
        parts.append(
            t.plural(
                "{process} {k} ({share}) in {n} region", "{process} {k} ({share}) in {n} regions", in_regions, **facts
            )
        )
    total, by = t.number(rows["of"].iloc[0], 0), labels.coder_name(coder, lang)
    return t("Of {n} fragments: {list}. Coder: {coder}.", n=total, list=t.listed(parts), coder=md(by))


def processes_ordered(shares: pd.DataFrame, book: Codebook, lang: str, than: str = "glocalisering") -> str:
    """Which processes show clearly more or less often than one of them, and which are too close for an order."""
    t, rows = messages.translator(lang), shares.set_index("process")
    if than not in rows.index:
        return ""
    one, others = rows.loc[than], rows.drop(than)
    more, fewer = others["low"] > one["high"], others["high"] < one["low"]
    wide = (others["region_low"] > one["region_high"]) | (others["region_high"] < one["region_low"])
    names = pd.Series([md(labelled(book[key], lang).lower()) for key in others.index], others.index)
    names = names.where(
        wide | ~(more | fewer),
        [t("{process} (with fragments as the unit; with regions it is not clear)", process=n) for n in names],
    )
    name = md(labelled(book[than], lang).lower())
    sides = [t.listed(names[which]) for which in (more, fewer, ~(more | fewer))]
    said = (
        t("Clearly more frequent than {process}: {list}.", process=name, list=sides[0]),
        t("Clearly rarer than {process}: {list}.", process=name, list=sides[1]),
        t("Too close to {process} for an order: {list}.", process=name, list=sides[2]),
    )
    return " ".join(sentence for sentence, side in zip(said, sides, strict=True) if side)


def own_processes(profile: pd.DataFrame, own: str, lang: str = "en") -> str:
    """What share of passages shows glocalisation, in the others and in the region read in full."""
    t = messages.translator(lang)
    sides = profile[profile["process"] == "glocalisering"].set_index("side")
    if "own" not in sides.index:
        return _nothing_beside(lang)
    others, here = sides.loc["others"], sides.loc["own"]
    facts = {"own": md(own), "n": here["n"], "of": here["of"], "k": others["n"], "total": others["of"]}
    facts |= {"share": t.percent(others["share"]), "high": t.percent(here["high"])}
    found = t(
        "Glocalisation: {n} of {of} passages in {own}, {k} of {total} fragments elsewhere ({share}).",
        **{name: facts[name] for name in ("own", "n", "of", "k", "total", "share")},
    )
    if others["share"] <= here["high"]:
        doubt = t(
            "With so few passages the share in {own} may still be as high as {high}, so this alone does not show that "
            "the others differ.",
            own=facts["own"],
            high=facts["high"],
        )
    else:
        doubt = t("The share of the others lies above the interval of {own}.", own=facts["own"])
    return f"{found} {doubt}"


def own_region(study: CodedStudy, lang: str = "en") -> str:
    """How many passages of the region read in full carry how many published codes."""
    t, codes = messages.translator(lang), study.own
    if codes.empty:
        return _nothing_beside(lang)
    elsewhere = codes.loc[codes["passage"].isin(study.fragments["fragment"]), ["passage", "document"]].drop_duplicates()
    counted = t(
        "Chapter 5 gives {codes} codes to {passages} passages of {documents} documents.",
        codes=len(codes),
        passages=codes["passage"].nunique(),
        documents=codes["document"].nunique(),
    )
    granted = _granted_sentence(study, t)
    if elsewhere.empty:
        return f"{counted} {granted}"
    places = study.corpus.documents.set_index("document")["region"].reindex(elsewhere["document"]).drop_duplicates()
    rest = t.plural(
        "{n} of these passages stands in the profile of {regions}, the others in those of {own}.",
        "{n} of these passages stand in the profile of {regions}, the others in those of {own}.",
        len(elsewhere),
        regions=t.listed(map(md, places)),
        own=md(study.own_region),
    )
    return f"{counted} {rest} {granted}"


def _granted_sentence(study: CodedStudy, t: messages.Translator) -> str:
    """How many of the passages have a regime, as examples or else, and how many of them argue: the n's of all tests."""
    codings, readings = study.own_read().codings, study.own_read().readings
    granted = codings["fragment"].unique()
    examples = study.own[(study.own["kind"] == "regime") & (study.own["role"] == "example")]
    return t(
        "A regime is granted to {passages} of the {all}, of which {argue} argue. The plain examples, without what is "
        "on the border or only a keyword, are {examples} codes.",
        all=study.own["passage"].nunique(),
        passages=len(granted),
        argue=int((readings.set_index("fragment")["stance"].reindex(granted) == "motivering").sum()),
        examples=len(examples),
    )


def chains_sentence(study: CodedStudy, coder: str, lang: str = "en") -> str:
    """How often one passage carries fame with civic, or with domestic, in the region read in full and elsewhere."""
    t = messages.translator(lang)
    here = counts.together(study.own_read(rejected=True), OWN)
    there = counts.together(study, coder)
    parts = []
    for regime in ("civiel", "huiselijk"):
        chance = there.loc[regime, regime] * there.loc["roem", "roem"] / len(study.fragments)
        facts = {"regime": md(labels.regime_name(regime, lang)), "fame": md(labels.regime_name("roem", lang))}
        facts |= {"k": there.loc[regime, "roem"], "chance": t.number(chance, 1)}
        parts.append(
            t(
                "{regime} with {fame}: {n} passages of the region read in full, {k} fragments elsewhere ({chance} if "
                "the two were independent)",
                n=here.loc[regime, "roem"],
                **facts,
            )
        )
    return t("In one and the same passage: {list}. Coder elsewhere: {coder}.", list="; ".join(parts), coder=md(coder))


def side_by_side(profiles: pd.DataFrame, coder: str, sample: str = comparison.MOTIVES) -> pd.DataFrame:
    """The shares of all codes on both sides under one coder, greatest difference first."""
    rows = profiles[(profiles["coder"] == coder) & (profiles["sample"] == sample)]
    columns = ["regime", "n_others", "share_others", "n_own", "share_own", "difference", "p_holm"]
    order = rows["difference"].abs().sort_values(ascending=False).index
    return rows.loc[order, columns].reset_index(drop=True)


def _more_and_less(rows: pd.DataFrame, lang: str) -> str:
    """Which regimes take a larger and which a smaller part of the codes, beyond chance; empty where none does."""
    t, sure = messages.translator(lang), rows[rows["p_holm"] < _SURE]
    more, less = (
        t.listed(
            f"**{md(labels.regime_name(name, lang))}**" for name in sure.loc[sure["difference"] * sign > 0, "regime"]
        )
        for sign in (1, -1)
    )
    if more and less:
        return t("gives a larger share of its codes to {more} and a smaller one to {less}", more=more, less=less)
    if more:
        return t("gives a larger share of its codes to {more}", more=more)
    return t("gives a smaller share of its codes to {less}", less=less) if less else ""


def _points_between(rows: pd.DataFrame, t: messages.Translator) -> str:
    """The least and the greatest of what a test would find, in points: "34 to 42"; a dash where it finds nothing."""
    sides = [t.number(100 * side, 0) for side in (rows["detectable"].min(), rows["detectable"].max()) if pd.notna(side)]
    if not sides:
        return "–"
    return sides[0] if sides[0] == sides[-1] else t("{low} to {high}", low=sides[0], high=sides[-1])


def like_with_like(profiles: pd.DataFrame, own: str, lang: str = "en", sample: str = comparison.EXAMPLES) -> str:
    """Whether a regime differs where the author's own codes stand on both sides; `profiles` as author_profiles."""
    t, rows = messages.translator(lang), profiles[profiles["sample"] == sample]
    if rows.empty:
        return _nothing_beside(lang)
    sides = {"own": md(own), "n_own": rows["of_own"].iloc[0], "n_others": rows["of_others"].iloc[0]}
    apart = _more_and_less(rows, lang)
    if apart:
        found = t(
            "The author's codes on both sides, {n_own} of {own} and {n_others} of the others: {own} {apart} "
            "(Fisher's exact test, corrected for seven regimes).",
            apart=apart,
            **sides,
        )
    else:
        least = rows.loc[rows["p_holm"].idxmin()]
        found = t(
            "The author's codes on both sides, {n_own} of {own} and {n_others} of the others: no regime takes a share "
            "that differs beyond chance (Fisher's exact test, corrected for seven regimes; the smallest p is {p}, for "
            "{regime}).",
            p=t.number(least["p_holm"]),
            regime=md(labels.regime_name(least["regime"], lang)),
            **sides,
        )
    seen = t(
        "A true difference of less than {points} points, by regime, would mostly go unseen.",
        points=_points_between(rows, t),
    )
    return f"{found} {seen}"


def like_wholes(tests: pd.DataFrame, lang: str = "en") -> str:
    """Whether the author's two profiles differ as wholes, sample by sample; `tests` as comparison.author_tests."""
    t = messages.translator(lang)
    if tests.empty:
        return _nothing_beside(lang)
    names = {
        comparison.EXAMPLES: t("her examples"),
        comparison.BORDERLINE: t("with the borderline cases"),
        comparison.REJECTED: t("with what she rejects"),
        comparison.ONE_A_PAGE: t("one passage a page"),
    }
    parts = []
    for sample, rows in tests.groupby("sample", sort=False):
        facts = {"sample": names[sample], "low": t.number(rows["p"].min(), 3), "high": t.number(rows["p"].max(), 3)}
        parts.append(
            t("{sample} {low} to {high} ({k} of {n} below .05)", k=(rows["p"] < _SURE).sum(), n=len(rows), **facts)
        )
    return t("The profiles as wholes, p by the statistic that is taken: {list}.", list="; ".join(parts))


def quotations_lead(profiles: pd.DataFrame, regimes: pd.DataFrame, coder: str, lang: str = "en") -> str:
    """What would lead the searched regions by the number of quotations, and what does among all their fragments."""
    t, rows = messages.translator(lang), profiles[profiles["sample"] == comparison.EXAMPLES]
    if rows.empty:
        return ""
    most = rows[rows["n_others"] == rows["n_others"].max()]
    quoted = t.listed(md(labels.regime_name(name, lang)) for name in most["regime"])
    first = regimes.sort_values("n", ascending=False, kind="stable").iloc[0]
    return t(
        "By the number of quotations the searched regions would be led by {quoted} ({n} of {of} each); of all their "
        "fragments {first} has most ({k} of {total}, coder {coder}). How often a regime is quoted does not measure its "
        "weight.",
        quoted=quoted,
        n=most["n_others"].iloc[0],
        of=most["of_others"].iloc[0],
        first=md(labels.regime_name(first["regime"], lang)),
        k=first["n"],
        total=first["of"],
        coder=md(coder),
    )


def apart(profiles: pd.DataFrame, own: str, coder: str, lang: str = "en") -> str:
    """Which regimes take a larger and which a smaller part of the codes than in all fragments of the others."""
    t, rows = messages.translator(lang), side_by_side(profiles, coder)
    if rows.empty:
        return _nothing_beside(lang)
    chosen = profiles[(profiles["coder"] == coder) & (profiles["sample"] == comparison.MOTIVES)]
    facts = {"own": md(own), "coder": md(coder), "points": _points_between(chosen, t)}
    apart = _more_and_less(rows, lang)
    if apart:
        return t(
            "Beside all fragments of the others that argue, under {coder} and with the region as the unit, {own} "
            "{apart}, compared with one more region like them (corrected for seven regimes). For the rest the "
            "passages are too few: a true difference of less than {points} points, by regime, would mostly go unseen. "
            "Coder and choice of passages differ between the sides, so this cannot show that the regions do.",
            apart=apart,
            **facts,
        )
    return t(
        "Beside all fragments of the others that argue, under {coder} and with the region as the unit, no regime "
        "of {own} has another share than in one more region like them (corrected for seven regimes). The passages "
        "are few: a true difference of less than {points} points, by regime, would mostly go unseen.",
        **facts,
    )


def odd_region(distances: pd.DataFrame, tests: pd.DataFrame, own: str, coder: str, lang: str = "en") -> str:
    """Whether the region read in full lies farther from the rest than one more region like them would."""
    t = messages.translator(lang)
    if distances.empty:
        return _nothing_beside(lang)
    n, place = len(distances), distances.set_index("region").loc[own]
    by_sample = tests[tests["coder"] == coder].set_index("sample")
    p = by_sample.loc[comparison.ACCEPTED, ["p", "p_double", "p_triple"]]
    odd = distances.loc[(distances["region"] != own) & (distances["p_holm"] < _SURE), "region"]
    parts = [
        t(
            "A region like the searched ones would lie as far from them as {own} does with p = {p} ({double} and "
            "{triple} if regions differed two and three times as much as they seem to).",
            **dict(zip(("p", "double", "triple"), (t.number(value, 4) for value in p), strict=True)),
            own=md(own),
        )
    ]
    if comparison.MOTIVES in by_sample.index:
        parts.append(t("Among motives p = {p}.", p=t.number(by_sample.loc[comparison.MOTIVES, "p"], 4)))
    parts.append(
        t(
            "By distance {own} is number {rank} of {n} regions; corrected for all of them p = {p}.",
            own=md(own),
            rank=int(place["rank"]),
            n=n,
            p=t.number(place["p_holm"], 4),
        )
    )
    if len(odd):
        parts.append(t("Of the searched regions these lie apart too: {list}.", list=t.listed(map(md, odd))))
    else:
        parts.append(t("None of the searched regions lies apart by itself."))
    return " ".join(parts)


def regions_differ(differences: pd.DataFrame, lang: str = "en") -> str:
    """Whether the searched regions differ among themselves at all, before any of them is named."""
    t, row = messages.translator(lang), differences.iloc[0]
    if pd.isna(row["p"]):
        return t("One region cannot differ from others.")
    share = min(1, row["inertia_by_chance"] / row["inertia"]) if row["inertia"] else 1
    facts = {"n": int(row["regions"]), "p": t.number(row["p"], 4), "share": t.percent(share)}
    if row["p"] < _SURE:
        return t(
            "The {n} searched regions differ among themselves beyond chance (p = {p}); {share} of the spread between "
            "their profiles is what as few fragments would show if all regions were alike.",
            **facts,
        )
    return t(
        "The {n} searched regions differ no more than chance would have it (p = {p}); {share} of the spread between "
        "their profiles is what as few fragments would show if all regions were alike.",
        **facts,
    )


def smallest_cell(study: CodedStudy, coder: str) -> pd.DataFrame:
    """The fragments of the first region that carry its most frequent regime: what one cell of a chart counts."""
    here = study.fragments[study.fragments["region"] == study.fragments["region"].iloc[0]]
    rows = counts.once(study.of(coder).codings)
    rows = rows[rows["fragment"].isin(here["fragment"])]
    cell = rows[rows["regime"] == rows["regime"].mode().iloc[0]] if len(rows) else rows
    passage = "text" if "text" in here else "gist"
    return cell.merge(here, on="fragment")[["region", "regime", "value", "fragment", "page_first", passage]]


def audit_table(corpus: Corpus, lang: str = "en") -> pd.DataFrame:
    """What the thesis quotes otherwise than its source, or says in two ways; empty where there is no audit."""
    path = corpus.places.raw / "audit.csv"
    columns = ["id", "section", "what_thesis_says", "what_source_shows", "reason", "kind", "severity", "verdict"]
    if not path.is_file():
        return pd.DataFrame(columns=columns)
    return tables.columns_in(tables.read_table(path, tables.AUDIT), tables.FINDING_TEXTS, lang)[columns]


def finding_word(name: str, t: messages.Translator) -> str:
    """Kind, weight and verdict of a finding as a reader sees them; a word of the auditor's own stays."""
    return {
        "misquote": t("misquoted"),
        "ellipsis": t("left out"),
        "spelling": t("spelling"),
        "paraphrase": t("paraphrase"),
        "marks": t("quotation marks"),
        "contradiction": t("contradiction"),
        "omission": t("nothing cited"),
        "reference": t("reference"),
        "count": t("count"),
        "method": t("method"),
        "claim": t("claim"),
        "changes the reading": t("changes the reading"),
        "wording only": t("wording only"),
        "confirmed": t("confirmed"),
        "confirmed in part": t("confirmed in part"),
        "not confirmed": t("not confirmed"),
    }.get(name, name)


def thesis_answer(corpus: Corpus, lang: str = "en") -> str:
    """The thesis's answer in our own words, as corpus.yaml has it in the language; else as it has it."""
    answer = corpus.settings.get(f"answer_{lang}") or corpus.settings.get("answer")
    t = messages.translator(lang)
    return md(answer) if answer else t("No thesis stands behind this corpus, so there is no answer to set beside ours.")


def answer_text(run: Run) -> str:
    """What the tables of this run say: the leading regime, motives, the region read in full, glocalisation, claims."""
    n, codebook = int(run.table("fragments")["fragment"].size), run.codebook()
    claims = run.table("claims") if _has(run, "claims") else pd.DataFrame()
    parts = [
        leading(run.table("regimes"), codebook, n, run.coder, run.lang),
        how_good_cues(run.corpus, run.coder, run.lang),
        leading_everywhere(run.table("specifications"), run.lang),
        _motives(run, codebook),
        _own(run, codebook),
        _glocalisation(run),
        verdicts_sentence(claims, run.lang) if len(claims) else "",
        conclusion_sentence(_as_text(claims), run.lang, open_ones=False) if len(claims) else "",
    ]
    return "\n".join(f"- {part}" for part in parts if part)


def _as_text(claims: pd.DataFrame) -> pd.DataFrame:
    """The ledger with its own words safe in Markdown."""
    names = [name for name in ("claim", "claim_nl", "found", "found_nl") if name in claims]
    return claims.assign(**{name: claims[name].fillna("").map(md) for name in names})


def _has(run: Run, name: str) -> bool:
    return run.corpus.places.table(name).is_file()


def _motives(run: Run, codebook: Codebook) -> str:
    if not _has(run, "stances"):
        return ""
    t, stances = messages.translator(run.lang), run.table("stances").set_index("regime")
    if stances.empty:  # a study without stances
        return ""
    row, regimes = stances.loc["all"], stances.drop("all").dropna(subset="share")
    if not row["of"] or regimes.empty:
        return ""
    n, of, share = int(row["n"]), int(row["of"]), t.percent(row["share"])
    most = regimes["share"].idxmax()
    least_sure = t(
        "Of the regimes {regime} argues most often ({share}; 95 % interval {low} to {high}, {of} fragments).",
        regime=md(labelled(codebook[most], run.lang)),
        share=t.percent(regimes.loc[most, "share"]),
        low=t.percent(regimes.loc[most, "low"]),
        high=t.percent(regimes.loc[most, "high"]),
        of=int(regimes.loc[most, "of"]),
    )
    if row["share"] >= 0.5:
        argued = t("**Most passages argue**: {n} of {of} ({share}); the rest only observe.", n=n, of=of, share=share)
    else:
        argued = t(
            "**Motives are the minority**: {n} of {of} passages argue ({share}), the rest only observe.",
            n=n,
            of=of,
            share=share,
        )
    return f"{argued} {least_sure}"


def _own(run: Run, codebook: Codebook) -> str:
    """The region read in full: what it argues from, like with like first, then beside all fragments of the others."""
    own = run.corpus.settings.get("own_region")
    if not own or not (_has(run, "profiles") and _has(run, "author_profiles")):
        return ""
    t, profiles = messages.translator(run.lang), run.table("profiles")
    rows = profiles[(profiles["coder"] == run.coder) & (profiles["sample"] == comparison.MOTIVES)].set_index("regime")
    if rows.empty:
        return ""
    top = rows["share_own"].nlargest(2).index
    names = [f"{md(labelled(codebook[name], run.lang))} ({t.percent(rows.loc[name, 'share_own'])})" for name in top]
    said = t("**{own}** argues most from {names}, by the author's codes.", own=md(own), names=t.listed(names))
    like = like_with_like(run.table("author_profiles"), own, run.lang)
    return f"{said} {like} {apart(profiles, own, run.coder, run.lang)}"


def _glocalisation(run: Run) -> str:
    rows = run.table("process_shares").set_index("process") if _has(run, "process_shares") else pd.DataFrame()
    if "glocalisering" not in rows.index or not rows.at["glocalisering", "of"]:
        return ""
    t, row = messages.translator(run.lang), rows.loc["glocalisering"]
    figures = {"n": int(row["n"]), "of": int(row["of"])}
    figures |= {name: t.percent(row[name]) for name in ("share", "low", "high")}
    if row["coder_low"] == row["coder_high"]:  # one coder alone
        return t("**Glocalisation** is in {n} of {of} passages ({share}, interval {low} to {high}).", **figures)
    return t(
        "**Glocalisation** is in {n} of {of} passages ({share}, interval {low} to {high}); coders find between {least} "
        "and {most}.",
        least=t.percent(row["coder_low"]),
        most=t.percent(row["coder_high"]),
        **figures,
    )


_CERTAIN = 0.95  # of draws, as the ledger has it


def leading_everywhere(specifications: pd.DataFrame, lang: str) -> str:
    """In how many ways of counting the leading regime comes first alone, among all passages and among motives."""
    if specifications.empty:
        return ""
    shares, leading_regime = certainty.specification_curve(specifications)
    first = certainty.leads_alone(shares, leading_regime)
    ways = specifications.drop_duplicates("spec").set_index("spec").reindex(shares.index)
    everything, t = ways["stance"] == "all", messages.translator(lang)
    others = shares.drop(columns=leading_regime).max(axis=1)
    level = shares[leading_regime] >= others - certainty.LEAST_LEAD
    is_shared = level[everything].all() and not first[everything].all()
    known = {"presence": t("region in which it occurs")}  # beside the other units its short name says too little
    units = ways.loc[~everything & ~first, "unit"]
    units = dict.fromkeys(known.get(unit) or certainty.option_name("unit", unit, lang) for unit in units)
    n = {"k": int(first[everything].sum()), "n": int(everything.sum())}
    n |= {"k_2": int(first[~everything].sum()), "n_2": int((~everything).sum())}
    name = labels.regime_name(leading_regime, lang)
    if not n["n_2"]:  # a coder who calls nothing a motive
        if is_shared:
            return t(
                "**{name}** has the first place alone in {k} of {n} ways of counting and shares it in the rest.",
                name=name,
                k=n["k"],
                n=n["n"],
            )
        return t("**{name}** has the first place alone in {k} of {n} ways of counting.", name=name, k=n["k"], n=n["n"])
    return _leading_twice(name, n, is_shared, labels.enumerated(units, lang) if units else "", t)


def _leading_twice(name: str, n: Mapping[str, int], is_shared: bool, units: str, t: messages.Translator) -> str:
    """How often a regime leads among all passages and among motives; `units` give one vote to each in the others."""
    if is_shared and units:
        return t(
            "**{name}** has the first place alone in {k} of {n} ways of counting all passages and shares it in the "
            "rest, and among motives in {k_2} of {n_2} (the others give one vote to each: {list}).",
            name=name,
            list=units,
            **n,
        )
    if is_shared:
        return t(
            "**{name}** has the first place alone in {k} of {n} ways of counting all passages and shares it in the "
            "rest, and among motives in {k_2} of {n_2}.",
            name=name,
            **n,
        )
    if units:
        return t(
            "**{name}** has the first place alone in {k} of {n} ways of counting all passages, and among motives in "
            "{k_2} of {n_2} (the others give one vote to each: {list}).",
            name=name,
            list=units,
            **n,
        )
    return t(
        "**{name}** has the first place alone in {k} of {n} ways of counting all passages, and among motives in {k_2} "
        "of {n_2}.",
        name=name,
        **n,
    )


def _orderings(rows: pd.DataFrame, lang: str, figures: str) -> list[str]:
    """Each ordering with its figures; one that holds in all ways, of passages and of motives, is named once."""
    twice = rows["ordering"].duplicated(keep=False) & (rows["share"] == 1) & (figures == "figures")
    return [
        _ordering(row, lang, figures) for _, row in rows.assign(passages=rows["passages"].mask(twice, "all")).iterrows()
    ]


def _ordering(row: pd.Series, lang: str, words: str = "figures") -> str:
    t = messages.translator(lang)
    of = {"all": "", "motives": t("motives")}[row["passages"]]
    name = f"{row[lang]} ({of})" if of else row[lang]
    if words == "figures" and row["holds"] == row["n"]:
        return name
    if words == "figures":
        return t(
            "{name} ({holds} of {n} ways, {share} with one vote for each reader; smallest margin {least} points)",
            name=name,
            holds=int(row["holds"]),
            n=int(row["n"]),
            share=t.percent(row["share"]),
            least=t.points(row["least"]),
        )
    shares = {key: "–" if pd.isna(row[key]) else percent_en(row[key]) for key in ("fragments", "regions")}
    return t("{name} (in {fragments} of draws of fragments, {regions} of regions)", name=name, **shares)


def what_would_change(run: Run) -> str:
    """Which orderings no way of counting changes, which hang on it, which chance may turn, what new readers settle."""
    survival, lang = run.table("survival"), run.lang
    t = messages.translator(lang)
    own = {item.name for item in orderings.read_orderings(run.corpus) if "own" in item.asks}
    once = survival["ordering"].isin(own)
    all_ways = survival["holds"] == survival["n"]
    unsure = survival[["fragments", "regions"]].min(axis=1) < _CERTAIN
    most = survival["share"] >= 0.5
    alone = t("Stand too, but set the author's quotations of one region beside what another coder says of the others")
    groups = (
        (t("Stand under every way of counting that was tried"), survival[~once & all_ways], "figures"),
        (alone, survival[once & all_ways], "figures"),
        (t("Hang on how one counts"), survival[~all_ways & most], "figures"),
        (t("Fail under most ways of counting"), survival[~all_ways & ~most], "figures"),
        (t("Would not be sure to come out again"), survival[most & unsure], "support"),
    )
    lines = [
        f"- **{title}**:\n" + "\n".join(f"    - {md(text)}" for text in dict.fromkeys(said))
        for title, rows, figures in groups
        if (said := _orderings(rows, lang, figures))
    ]
    place = paths.short_path(run.corpus.places.raw / "sources")
    reader = t(
        "**Another reader**: the coder here is {coder}, {described}. Code a sheet by hand (`make sheet CODER=name`), "
        "and the new coder stands in every table above.",
        coder=run.coder,
        described=labels.coder_described(run.coder, lang),
    )
    return "\n".join(
        [
            *lines,
            f"- {reader}",
            f"- {_whole_documents(run, place)}",
        ]
    )


def _whole_documents(run: Run, place: str) -> str:
    """What reading the documents in full could change; where they are not in place, where to put them."""
    t = messages.translator(run.lang)
    whole = t(
        "**Whole documents**: a search finds what carries a term. Reading the documents in full could change every "
        "share."
    )
    if run.corpus.profile_files():
        return whole
    beside = t("Put them in {place} to look around the passages.", place=place)
    return f"{whole} {beside}"


def weak_agreement(agreed: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    """The codes on which two coders agree least: level, code, kappa with bounds, AC1, and fragments of each coder."""
    rows = agreed[agreed["coder_1"].isin(pair) & agreed["coder_2"].isin(pair) & agreed["kappa"].notna()]
    which = "unpublished" if (rows["fragments"] == "unpublished").any() else "all"
    rows = rows[(rows["fragments"] == which) & (rows["kappa"] < agreement.TENTATIVE)].sort_values(
        "kappa", kind="stable"
    )
    columns = ["level", "regime", "name", "kappa", "kappa_low", "kappa_high", "ac1", "n_1", "n_2", "n_both"]
    return rows[columns].reset_index(drop=True)


_STATED = ("statement", "unit", "population", "test", "correction", "assumes")
INFERENCE = tables.schema(
    unique=["inference"],
    inference=tables.text_column("a key of the statement"),
    notebook=tables.text_column("numbers of notebooks, or a command, joined by ';'"),
    table=tables.text_column("processed tables, joined by ';'"),
    columns=tables.text_column("columns of these, joined by ';'"),
    **{f"{name}_{lang}": tables.text_column(name) for name in _STATED for lang in settings.LANGUAGES},
)


# Tables without a row in a study that lacks this; all the others have some in every study.
_TABLES_OF = {
    "claims": ["claims"],
    "orderings": ["survival"],
    "own_region": ["profiles", "author_profiles", "profile_tests", "region_distances", "region_differences"],
    "second_coder": ["agreement", "overlap", "coders", "cues"],
    "processes": ["process_shares", "process_profiles", "region_processes", "stance_by_process"],
    "stances": ["stances", "stance_profiles", "stance_by_process"],
}
_WITHOUT_THESIS = {  # what a statement on the thesis's regions is on any others
    "the other fourteen": "the others",
    "these fourteen regions": "these regions",
    "the fourteen": "these",
    "de andere veertien": "de andere",
    "deze veertien regio's": "deze regio's",
    "de veertien": "deze",
}


def inference_table(lang: str, run: Run | None = None) -> pd.DataFrame:
    """Each inferential statement of the notebooks: its unit, population, test, correction, and what it assumes.

    Of a `run` without a thesis, those on what it has.
    """
    rows = tables.read_table(paths.CODEBOOK / "inference.csv", INFERENCE)
    shown = {f"{name}_{lang}": name for name in _STATED}
    table = rows[["notebook", "table", *shown]].rename(columns=shown)
    table["notebook"] = table["notebook"].str.replace(";", ", ")
    if run is None or run.corpus.has_thesis:
        return table
    for old, new in _WITHOUT_THESIS.items():
        table = table.map(lambda text, old=old, new=new: str(text).replace(old, new))
    holdings = needs.Holdings(run.corpus, run.coder, needs.CODED_BY)
    lacking = {name for need, names in _TABLES_OF.items() if not getattr(holdings, need) for name in names}
    held = table["table"].str.split(";").map(lambda names: [name for name in names if name not in lacking])
    table["table"] = held.str.join(";")
    named = table.map(lambda text: needs.without_thesis(text) != text).any(axis=1) | (held.str.len() == 0)
    return table[~named].map(lambda text: messages.with_unit(text, lang)).reset_index(drop=True)


def ordering_table(survival: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """The orderings as a reader sees them: in how many ways of counting and draws each holds, and how narrowly."""
    names = {lang: "ordering", "n": "ways", "fragments": "drawn_fragments", "regions": "drawn_regions"}
    columns = ["ordering", "passages", "ways", "holds", "share", "least", "drawn_fragments", "drawn_regions"]
    return survival.drop(columns="ordering").rename(columns=names)[columns]


def judged_by_hand(n: int, least: float, claim: pd.Series, lang: str = "en") -> str:
    """A claim on how many regions have something, counted by hand beside the ledger's verdict."""
    t = messages.translator(lang)
    return t(
        "Counted: {n} regions. Wanted: at least {least}. The ledger's verdict on {id}: *{verdict}*.",
        n=n,
        least=t.number(least, 1),
        id=claim.name,
        verdict=ledger.verdict_word(claim["verdict"], t),
    )


def no_profile(lang: str = "en") -> str:
    """What shows hits on their page, where no document is in place."""
    t = messages.translator(lang)
    return t(
        "No profile is in place; `make all SOURCES=folder`, with the folder that holds them, shows three hits here."
    )


def settled_sentence(settled: pd.DataFrame, lang: str = "en") -> str:
    """What became of the regimes that one reader gave alone, in the reading made of both."""
    if settled.empty or not settled["disputed"].sum():
        return ""
    t, n = messages.translator(lang), int(settled["disputed"].sum())
    kept = t.listed(
        t("of {reader}'s own {k} of {of} were kept", reader=row.gave, k=row.kept, of=row.disputed)
        for row in settled.itertuples()
    )
    sentence = t("Of {n} regimes that one reader alone gave, {kept}.", n=n, kept=kept)
    if settled["kept"].sum() / n <= _NEAR_UNION:
        return sentence
    union = t("The consensus is near their union, and no middle.")
    return f"{sentence} {union}"


_NEAR_UNION = 0.75  # of what one reader alone gave: half of it would be a middle

# Ledgers: a line a row, its verdict in colour and word; what it rests on unfolds

_PLAIN = "#EDEDED"
_CHANGES = "#D98A3D"  # as what fails in the figure of claims


def claims_list(claims: pd.DataFrame, *sections: str, lang: str = "en") -> HTML:
    """The claims of `sections`, or all of them, by section: a line with verdict, id and claim, the rest unfolds."""
    t, names = messages.translator(lang), sections or tuple(sorted(claims["section"].unique()))
    told = ledger.ledger_text(claims, lang)
    groups = []
    for name, part in told[told["section"].isin(names)].groupby("section"):
        n = part.loc[part["judged_with"] == "", "verdict"].value_counts()
        counted = ", ".join(f"{ledger.verdict_word(key, t)} {n[key]}" for key in ledger.VERDICTS if key in n)
        lines = [_claim_line(row, t) for row in part.to_dict("records")]
        groups.append((t("Section {section}: {list}", section=name, list=counted), lines))
    return HTML(render("ledger", groups=groups))


def _claim_line(row: Mapping[str, object], t: messages.Translator) -> dict[str, object]:
    facts = {
        t("What the verdict rests on"): row["basis"],
        t("What would make it hold"): row["wanted"],
        t("What was found"): row["found"],
        t("What the measure takes for what is meant"): row["proxy"],
        t("Coders who give this verdict"): t.percent(row["agreement"]) if row["agreement"] != "" else "",
        t("Remarks"): row["reason"],
    }
    colour = certainty.LOOKS[certainty.tile_group(row["verdict"], row["rests_on"])]["facecolor"]
    return _ledger_line(row["id"], row["claim"], row["verdict_text"], colour, facts)


def _ledger_line(name: object, text: object, word: str, colour: str, facts: Mapping[str, object]) -> dict[str, object]:
    shown = [(heading, fact) for heading, fact in facts.items() if fact != ""]
    return {"id": name, "text": text, "word": word, "fill": colour, "ink": colours.ink_on(colour), "facts": shown}


def audit_list(corpus: Corpus, lang: str = "en") -> HTML:
    """Where thesis and source part, by the first section of each: a line with its weight and what the thesis says."""
    t, table = messages.translator(lang), audit_table(corpus, lang)
    words = {name: finding_word(name, t) for name in tables.SEVERITIES}
    groups = []
    for name, part in table.groupby(table["section"].str.split(";").str[0]):
        n = part["severity"].value_counts()
        counted = ", ".join(f"{word} {n[key]}" for key, word in words.items() if key in n)
        lines = [_audit_line(row, words, t) for row in part.fillna("").to_dict("records")]
        groups.append((t("Section {section}: {list}", section=name, list=counted), lines))
    return HTML(render("ledger", groups=groups))


def _audit_line(row: Mapping[str, str], words: Mapping[str, str], t: messages.Translator) -> dict[str, object]:
    facts = {
        t("What its source shows"): row["what_source_shows"],
        t("Kind"): finding_word(row["kind"], t),
        t("Checked"): finding_word(row["verdict"], t),
        t("Remarks"): row["reason"],
        t("Sections"): row["section"].replace(";", ", "),
    }
    colour = _CHANGES if row["severity"] == "changes the reading" else _PLAIN
    return _ledger_line(row["id"], row["what_thesis_says"], words[row["severity"]], colour, facts)
