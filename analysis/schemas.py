"""The columns of every shipped table, what each must hold, and how a bad cell is told."""

import pandera.pandas as pa

REGIMES = ("geinspireerd", "huiselijk", "roem", "civiel", "markt", "industrieel", "projectstad")
PROCESSES = ("glocalisering", "lokalisering", "regionalisering", "globalisering")
STANCES = ("motivering", "constatering", "definitie", "afgewezen")
ROLES = ("profile", "annex", "addendum", "plan")


def text(wanted: str, optional: bool = False, **rules: object) -> pa.Column:
    """A text column; `optional` cells may be empty; `rules` are pandera checks by name."""
    checks = [getattr(pa.Check, name)(value) for name, value in rules.items()]
    return pa.Column(str, checks, nullable=optional, coerce=True, description=wanted)


def number(wanted: str, optional: bool = False, least: int = 0) -> pa.Column:
    """A column of whole numbers of at least `least`."""
    return pa.Column("Int64", pa.Check.ge(least), nullable=optional, coerce=True, description=wanted)


def table(unique: list[str] | None = None, **columns: pa.Column) -> pa.DataFrameSchema:
    """A strict schema: no other columns than these, and no two rows alike in `unique`."""
    return pa.DataFrameSchema(columns, strict=True, unique=unique)


FRAGMENT = text("a fragment id such as haaglanden-p41-1", str_matches=r"^[a-z0-9-]+$")
REGIME = text(f"one of {', '.join(REGIMES)}", optional=True, isin=REGIMES)

DOCUMENTS = table(
    unique=["document"],
    document=text("a key of lower-case letters, digits and hyphens", str_matches=r"^[a-z0-9-]+$"),
    region=text("the region's name"),
    role=text(f"one of {', '.join(ROLES)}", isin=ROLES),
    title=text("the document's title"),
    citation_key=text("a citation key", optional=True),
    year=number("a year", optional=True, least=1900),
    file=text("the file name expected under sources/"),
    pages=number("the number of printed pages, or empty", optional=True, least=1),
    note=pa.Column(str, nullable=True, coerce=True, required=False, description="a remark"),
)
FRAGMENTS = table(
    unique=["fragment"],
    fragment=FRAGMENT,
    n=number("the place in the appendix, from 1", least=1),
    parent=text("the id of the bullet above, or empty", optional=True),
    region=text("a region of documents.csv"),
    document=text("a document of documents.csv"),
    page_first=number("a printed page, or empty with a page_note", optional=True, least=1),
    page_last=number("a printed page, or empty with a page_note", optional=True, least=1),
    page_note=text("why the fragment has no page of its own", optional=True),
    n_words=number("a number of words", least=1),
    sha256=text("64 hexadecimal digits", str_matches=r"^[0-9a-f]{64}$"),
    gist=text("at most fifteen English words of our own", optional=True),
)
HITS = table(
    unique=["fragment", "term", "form"],
    fragment=FRAGMENT,
    term=text("a term of terms.csv"),
    form=text("the word as it stands, in lower case"),
    count=number("how often, from 1", least=1),
)
TOKENS = table(
    unique=["fragment", "token"],
    fragment=FRAGMENT,
    token=text("a word form in lower case"),
    count=number("how often, from 1", least=1),
)
EXPRESSIONS = table(
    unique=["fragment", "expression"],
    # An empty fragment says that the expression was asked: where no row names it, it counts 0.
    fragment=text("a fragment id, or empty", optional=True, str_matches=r"^[a-z0-9-]+$"),
    expression=text("an expression of the codebook"),
    count=number("how often", least=0),
)
ADJUDICATION = table(
    unique=["fragment", "field"],
    fragment=FRAGMENT,
    field=text("regimes, stance or process", isin=["regimes", "stance", "process"]),
    reader_a=text("the first reading"),
    reader_b=text("the second reading"),
    decision=text("what the consensus takes"),
    reason=text("why, in our own words"),
)
UNPAGED = table(
    fragment=text("a fragment id, or empty for a bullet that is none", optional=True, str_matches=r"^[a-z0-9-]+$"),
    region=text("a region of documents.csv"),
    page_note=text("why the bullet has no page of its own"),
)
CODINGS = table(
    fragment=FRAGMENT,
    coder=text("the coder's name", str_matches=r"^[a-z][a-z0-9_-]*$"),
    regime=REGIME,
    value=text("a value of the regime in regimes.csv", optional=True),
    rank=number("1 for the primary code, then 2, 3 …", optional=True, least=1),
    cue=text("the words or the page that decided", optional=True),
    stance=text(f"one of {', '.join(STANCES)}, or empty", optional=True, isin=STANCES),
    process=text(
        f"among {', '.join(PROCESSES)}, joined by ';', or empty",
        optional=True,
        str_matches=rf"^(?:{'|'.join(PROCESSES)})(?:;(?:{'|'.join(PROCESSES)}))*$",
    ),
    confidence=pa.Column(
        "Int64", pa.Check.isin([1, 2, 3]), nullable=True, coerce=True, description="1, 2 or 3, or empty"
    ),
)
KINDS = ("regime", "process", "constatering")
COMPARISONS = ("verbatim", "paraphrase", "differs", "not_verbatim")
PLACES = ("example", "counterexample", "borderline", "keyword")
NUMBERS = r"^\d+(?:;\d+)*$"
AUTHOR = table(
    unique=["n"],
    n=number("the row's number, from 1", least=1),
    coder=text("author", isin=["author"]),
    section=text("a section of the thesis", str_matches=r"^\d\.\d$"),
    region=text("the region the thesis names, or empty", optional=True),
    document=text("a document of documents.csv, or empty for the author's own words", optional=True),
    page_first=number("a printed page, or empty with a page_note", optional=True, least=1),
    page_last=number("a printed page, or empty with a page_note", optional=True, least=1),
    page_note=text("why no page stands here, or where else the passage stands", optional=True),
    kind=text(f"one of {', '.join(KINDS)}", isin=KINDS),
    regime=REGIME,
    value=text("a value of the regime in regimes.csv", optional=True),
    process=text(f"one of {', '.join(PROCESSES)}, or empty", optional=True, isin=PROCESSES),
    role=text(f"one of {', '.join(PLACES)}", isin=PLACES),
    stance=text(f"one of {', '.join(STANCES)}, or empty", optional=True, isin=STANCES),
    anchor=text("the first words of the quotation, at most six", str_matches=r"^\S+(?: \S+){0,5}$"),
    fragment=text("a fragment or a passage of passages.csv; empty for keywords", optional=True),
    matches=text(
        "for keywords, the places in the appendix that hold them, joined by ';'", optional=True, str_matches=NUMBERS
    ),
    comparison=text(f"one of {', '.join(COMPARISONS)}, or empty", optional=True, isin=COMPARISONS),
)
PASSAGES = table(
    unique=["passage"],
    passage=FRAGMENT,
    document=text("a document of documents.csv"),
    page_first=number("a printed page, or empty with a page_note", optional=True, least=1),
    page_last=number("a printed page, or empty with a page_note", optional=True, least=1),
    page_note=text("why no page stands here, or where else the passage stands", optional=True),
    codes=text("the numbers of its codes in author.csv, joined by ';'", str_matches=NUMBERS),
    roles=text(f"one of {', '.join(PLACES)} per code, joined by ';'"),
    stance=text(f"one of {', '.join(STANCES)} per code, joined by ';'"),
    stance_by=text(
        "author or compendium per code, joined by ';'",
        str_matches=r"^(?:author|compendium)(?:;(?:author|compendium))*$",
    ),
    gist=text("at most fifteen English words of our own", str_matches=r"^\S+(?: \S+){0,14}$"),
)
SEVERITIES = ("changes the reading", "wording only")
VERDICTS = ("confirmed", "confirmed in part", "not confirmed")
AUDIT = table(
    unique=["id"],
    id=text("a letter and a number such as A15b", str_matches=r"^[A-Z]\d+[a-z]?$"),
    group=text("quotations, method or claims", isin=["quotations", "method", "claims"]),
    section=text("sections of the thesis, joined by ';'"),
    codes=text("rows of author.csv, joined by ';', or empty", optional=True, str_matches=NUMBERS),
    fragments=text("fragments or passages, joined by ';', or empty", optional=True),
    what_thesis_says=text("a sentence of our own"),
    what_source_shows=text("a sentence of our own"),
    kind=text("misquote, ellipsis, spelling, contradiction …"),
    severity=text(f"one of {', '.join(SEVERITIES)}", isin=SEVERITIES),
    verdict=text(f"one of {', '.join(VERDICTS)}", isin=VERDICTS),
    reason=text("why the verdict is not the whole item, or empty", optional=True),
    check=text("checks of audit.py, joined by ' + '", str_matches=r"^[a-z_]+(?: \+ [a-z_]+)*$"),
    given=text("what each check is given, joined by ' | '"),
)
