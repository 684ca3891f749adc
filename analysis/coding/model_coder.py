"""A language model as one coder among others: any OpenAI-compatible endpoint, local unless confirmed.

It is given the codebook's definitions and one passage, and nothing else. Its answer is checked; one that names a code
that does not exist, or words that do not stand in the passage, is void and asked again. What was answered is kept, so
that a run can be broken off and taken up. No passage leaves the machine unless another host is confirmed by name.
"""

import argparse
import hashlib
import http.client
import ipaddress
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from analysis.coding.codebooks import Codebook, read_codebooks
from analysis.coding.coders import MODEL_CODER
from analysis.coding.entries import Entry, coder_file, write_coder
from analysis.coding.features import corpus_study
from analysis.search import study_terms
from analysis.study import CompendiumError, Corpus, files, messages, paths, read_corpus, settings, tables, texts

PROMPT = "prompt.txt"
LOCAL = "http://localhost:11434/v1"  # where Ollama listens
TRIES = 3  # an answer that is void twice more is no slip; the fragment stays unread
CALLS = 4  # a server that loads its model may fail once or twice
WAIT = 1.0  # seconds before the second call, doubled each time
PATIENCE = 120.0  # seconds for one answer; a large model on a laptop takes most of that
LONGEST_ANSWER = 1_000_000  # bytes; no answer of ours comes near
LONGEST_WORDS = 7  # in a row: what is kept of a passage stays shorter than a quotation
_SIGNS_PER_TOKEN = 3.5  # Dutch in the tokenisers of 2024-2026; an estimate says "about"
_ANSWER_TOKENS = 120

MODELS = tables.schema(
    unique=["coder"],
    coder=tables.text_column("the coder's name", str_matches=r"^[a-z][a-z0-9_-]*$"),
    model=tables.text_column("the model that was asked for"),
    version=tables.text_column("the model and fingerprint that the server gave, or empty", optional=True),
    host=tables.text_column("the host that answered"),
    date=tables.text_column("the day of the last answer", str_matches=r"^\d{4}-\d\d-\d\d$"),
    temperature=tables.text_column("the temperature that was asked for"),
    prompt_sha256=tables.text_column("the hash of the prompt with its codebook", str_matches=r"^[0-9a-f]{64}$"),
    fragments=tables.number("how many fragments it coded", least=0),
    voided=tables.number("how many of its answers were void", least=0),
    unread=tables.number("how many fragments have no valid answer", least=0),
)


class VoidAnswerError(Exception):
    """An answer that cannot be a coding: what is wrong with it."""


@dataclass(frozen=True)
class Endpoint:
    """A server that speaks the OpenAI chat protocol, the model asked for, and how."""

    url: str
    model: str
    temperature: float = 0.0
    patience: float = PATIENCE
    key: str = ""
    wait: float = WAIT

    @property
    def host(self) -> str:
        """The host's name in the address."""
        return urllib.parse.urlsplit(self.url).hostname or ""

    @property
    def is_local(self) -> bool:
        """Whether the host is this very machine by its name or number."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Answer:
    """What a model said of one passage: the entry it comes to, who answered, and how many answers before were void."""

    entry: Entry | None
    version: str
    voided: int
    date: str


def check_endpoint(endpoint: Endpoint, confirmed: str = "") -> None:
    """Raise CompendiumError where the address is none, or another machine that was not confirmed by its name."""
    parts = urllib.parse.urlsplit(endpoint.url)
    if parts.scheme not in ("http", "https") or not endpoint.host:
        raise CompendiumError(f"--url {endpoint.url!r}: wanted http:// or https:// and a host, such as {LOCAL}.")
    if not endpoint.is_local and confirmed != endpoint.host:
        raise CompendiumError(
            f"{endpoint.host} is another machine: every passage would be sent there. Where you may and want to "
            f"do that, add --confirm {endpoint.host}."
        )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A server that was confirmed may not pass the passages on to one that was not."""

    def redirect_request(self, *args: object) -> None:
        """Follow nothing."""
        return None


def chat(endpoint: Endpoint, messages: list[dict[str, str]]) -> tuple[str, str]:
    """What the server answers, and the model and fingerprint it gives; tried CALLS times, with a longer wait each time.

    Raises CompendiumError where no answer comes, with the last reason.
    """
    wanted = {"model": endpoint.model, "messages": messages, "temperature": endpoint.temperature, "stream": False}
    body, reason = wanted | {"response_format": {"type": "json_object"}}, ""
    for call in range(CALLS):
        if call:
            time.sleep(endpoint.wait * 2 ** (call - 1))
        try:
            return _content(_post(endpoint, body))
        except urllib.error.HTTPError as error:
            reason = f"HTTP {error.code}"
            if error.code in (400, 422) and "response_format" in body:
                body = wanted  # an older server does not know the format
            elif error.code < 500 and error.code not in (408, 429):
                break
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
    raise CompendiumError(
        f"{endpoint.host}: no answer from {endpoint.model!r} ({reason}). Is the server running, and is the model "
        "there? What was answered so far is kept: the same command goes on from there."
    )


def _post(endpoint: Endpoint, body: Mapping[str, object]) -> bytes:
    headers = {"Content-Type": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(
        endpoint.url.rstrip("/") + "/chat/completions", json.dumps(body).encode("utf-8"), headers, method="POST"
    )
    # A proxy of the surroundings would be a third machine that sees the passages of a local run.
    proxies = [urllib.request.ProxyHandler({})] if endpoint.is_local else []
    opener = urllib.request.build_opener(_NoRedirect(), *proxies)
    end, data = time.monotonic() + endpoint.patience, b""
    with opener.open(request, timeout=endpoint.patience) as reply:
        # A server that drips would never meet the limit of a single read.
        while part := reply.read1(65_536):
            data += part
            if len(data) > LONGEST_ANSWER or time.monotonic() > end:
                raise ValueError("its answer is too long, or too slow: see --patience")
        if reply.length:
            raise ValueError("its answer was broken off")
    return data


def _content(data: bytes) -> tuple[str, str]:
    """The text of a reply and its version; ValueError where it is no reply of the protocol, or half of one."""
    try:
        reply = json.loads(data)
        text = reply["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        raise ValueError("the reply is not of the OpenAI chat protocol, or is cut off") from None
    named = (str(reply.get(name) or "") for name in ("model", "system_fingerprint"))
    return str(text or ""), " ".join(name for name in named if name)


def prompt_text(books: Iterable[Codebook], shelf: paths.Shelf = paths.SHELF) -> str:
    """The prompt as the model gets it: the shipped text with the codebook's definitions and keys.

    A rule on stances or processes is left out where the study has none.
    """
    by_name = {book.name: book for book in books}
    lines = [
        f"- {regime.key} / {value.key}: {value.label} ({value.label_en}). {value.definition_nl} {value.definition_en}"
        for regime in by_name["regimes"].regimes
        for value in regime.values
    ]
    stances = [*list(by_name["stances"])[:2], "", ""]
    names = {"codebook": "\n".join(lines), "processes": ", ".join(by_name["processes"])}
    names |= {"argues": stances[0], "observes": stances[1]}
    text = shelf.file(PROMPT).read_text(encoding="utf-8")
    rules = [line for line in text.splitlines(keepends=True) if _is_asked(line, names)]
    return "".join(rules).format(**names)


def _is_asked(line: str, names: Mapping[str, str]) -> bool:
    """Whether a line of the prompt speaks of codes that there are; the form of the answer stays as it is."""
    return line.startswith("{{") or all(value for name, value in names.items() if f"{{{name}}}" in line)


def read_answer(
    text: str, fragment: str, passage: str, codebook: Codebook, allowed: tables.Codes | None = None
) -> Entry:
    """The entry that an answer comes to; VoidAnswerError where it is none, or its words do not stand in the passage."""
    answer, allowed = _json_object(text), allowed or tables.study_codes()
    codes, words = [], []
    for item in _list(answer, "codes"):
        if not isinstance(item, dict):
            raise VoidAnswerError("a code is not an object")
        regime, value = str(item.get("regime", "")), str(item.get("value", ""))
        if regime not in codebook or value not in list(codebook[regime]):
            raise VoidAnswerError(f"no code {regime} / {value} in the codebook")
        words += _words(item, passage)
        if (regime, value) not in codes:
            codes.append((regime, value))
    stance = answer.get("stance") if allowed.stances else ""
    if stance not in (allowed.stances[:2] or ("",)):
        raise VoidAnswerError(f"stance {stance!r} is none of {', '.join(allowed.stances[:2])}")
    processes = _list(answer, "processes") if allowed.processes else []
    if not all(name in allowed.processes for name in processes):
        raise VoidAnswerError(f"a process is none of {', '.join(allowed.processes)}")
    shortest = ("; ".join(dict.fromkeys(words)))[:200]
    return Entry(fragment, tuple(codes), stance, tuple(dict.fromkeys(processes)), None, shortest)


def _json_object(text: str) -> dict:
    fenced = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", text, re.DOTALL)
    try:
        answer = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        raise VoidAnswerError("the answer is not one whole JSON object") from None
    if not isinstance(answer, dict):
        raise VoidAnswerError("the answer is not a JSON object")
    return answer


def _list(answer: Mapping[str, object], name: str) -> list:
    part = answer.get(name)
    if not isinstance(part, list):
        raise VoidAnswerError(f"{name} is not a list")
    return part


def _words(item: Mapping[str, object], passage: str) -> list[str]:
    """The deciding words of one code; void where there are none, too many in a row, or others than the passage has."""
    stretch = " ".join(texts.words(passage))
    named = [part for part in _list(item, "words") if isinstance(part, str) and texts.words(part)]
    if not named:
        raise VoidAnswerError(f"no words for {item.get('regime')}")
    for part in named:
        row = texts.words(part)
        if len(row) > LONGEST_WORDS:
            raise VoidAnswerError(f"more than {LONGEST_WORDS} words in a row")
        if f" {' '.join(row)} " not in f" {stretch} ":
            raise VoidAnswerError("words that do not stand in the passage")
    return [" ".join(texts.words(part)) for part in named]


def ask(
    endpoint: Endpoint,
    prompt: str,
    fragment: str,
    passage: str,
    codebook: Codebook,
    allowed: tables.Codes | None = None,
) -> Answer:
    """The model's answer on one passage; a void one is asked again, TRIES times in all, with what was wrong."""
    messages = [
        {"role": "system", "content": prompt},
        {"role": "user", "content": json.dumps({"passage": passage}, ensure_ascii=False)},
    ]
    version, today = "", datetime.now(UTC).date().isoformat()
    for voided in range(TRIES):
        text, version = chat(endpoint, messages)
        try:
            return Answer(read_answer(text, fragment, passage, codebook, allowed), version, voided, today)
        except VoidAnswerError as fault:
            # What was wrong, never the answer itself: it may be long, and is not to be built upon.
            again = f"Your answer was void: {fault}. Answer again, with one JSON object as asked."
            messages = [*messages[:2], {"role": "user", "content": again}]
    return Answer(None, version, TRIES, today)


class Answers:
    """The answers so far, a line each in a git-ignored file; a line that was broken off is asked anew."""

    def __init__(self, path: Path, key: str) -> None:
        """Read what `path` has under `key`: the same coder, model, temperature and prompt."""
        self.path, self.key, self.kept = path, key, {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for line in lines:
            try:
                row = json.loads(line)
                if row["key"] == key:
                    self.kept[row["passage"]] = _kept_answer(row)
            except (ValueError, KeyError, TypeError):
                continue

    def add(self, passage: str, answer: Answer) -> None:
        """Keep one answer, at once and on disk."""
        entry = answer.entry
        said = None if entry is None else [entry.pairs, entry.stance, entry.processes, entry.cue]
        row = {"key": self.key, "passage": texts.digest(passage), "said": said}
        row |= {"version": answer.version, "voided": answer.voided, "date": answer.date}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(row, ensure_ascii=False))
        self.kept[row["passage"]] = answer

    def get(self, fragment: str, passage: str) -> Answer | None:
        """The answer on a passage, where there is one."""
        answer = self.kept.get(texts.digest(passage))
        if answer is None or answer.entry is None:
            return answer
        return replace(answer, entry=replace(answer.entry, fragment=fragment))


def _kept_answer(row: Mapping[str, object]) -> Answer:
    entry = None
    if row["said"] is not None:
        pairs, stance, processes, cue = row["said"]
        entry = Entry("", tuple((regime, value) for regime, value in pairs), stance, tuple(processes), None, cue)
    return Answer(entry, str(row["version"]), int(row["voided"]), str(row["date"]))


def answers_key(endpoint: Endpoint, coder: str, prompt: str) -> str:
    """What makes two answers comparable: coder, model, temperature and the prompt with its codebook."""
    parts = (coder, endpoint.url, endpoint.model, f"{endpoint.temperature:g}", prompt)
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def estimate(prompt: str, passages: Iterable[str], seconds: float | None = None) -> str:
    """About how many tokens, and how long where the time of one answer is known."""
    passages = list(passages)
    tokens = sum((len(prompt) + len(passage)) / _SIGNS_PER_TOKEN + _ANSWER_TOKENS for passage in passages)
    time_too = "" if seconds is None else f" and {seconds * len(passages) / 60:,.1f} minutes"
    return f"{len(passages)} passages to go: about {tokens:,.0f} tokens{time_too}."


def code_passages(
    endpoint: Endpoint,
    prompt: str,
    passages: Mapping[str, str],
    codebook: Codebook,
    answers: Answers,
    allowed: tables.Codes | None = None,
) -> dict[str, Answer]:
    """The model's answer on every passage, those that are kept first; says after one answer what the rest will take."""
    said = {name: answer for name, text in passages.items() if (answer := answers.get(name, text))}
    open_ones = [name for name in passages if name not in said]
    print(estimate(prompt, (passages[name] for name in open_ones)))
    if said:
        print(f"{len(said)} of {len(passages)} were answered before.")
    for number, name in enumerate(tqdm(open_ones, unit="passage", disable=len(open_ones) < 2)):
        start = time.monotonic()
        said[name] = ask(endpoint, prompt, name, passages[name], codebook, allowed)
        answers.add(passages[name], said[name])
        if number == 0 and len(open_ones) > 1:
            rest = [passages[other] for other in open_ones[1:]]
            tqdm.write(estimate(prompt, rest, time.monotonic() - start))
    return said


def models_file(corpus: Corpus) -> Path:
    """Where a corpus tells which of its coders are models, and which they were."""
    return corpus.places.raw / "models.csv"


def read_models(corpus: Corpus) -> pd.DataFrame:
    """The coders of a corpus that are models, a row each; empty where none is."""
    path = models_file(corpus)
    return tables.read_table(path, MODELS) if path.is_file() else pd.DataFrame(columns=list(MODELS.columns))


def model_sentence(row: Mapping[str, object], lang: str = "en") -> str:
    """What a model coder is, in a line: model, version, day, temperature, prompt, and its void answers."""
    t, version = messages.translator(lang), "" if pd.isna(row["version"]) else f" ({row['version']})"
    return t(
        "the language model {model}{version}, {date}, temperature {temperature}, prompt {prompt}, {voided} void "
        "answers, {unread} unread",
        model=row["model"],
        version=version,
        date=row["date"],
        temperature=row["temperature"],
        prompt=row["prompt_sha256"][:8],
        voided=row["voided"],
        unread=row["unread"],
    )


def write_model_coder(
    said: Mapping[str, Answer],
    endpoint: Endpoint,
    coder: str,
    prompt: str,
    corpus: Corpus,
    codebook: Codebook,
    fragments: pd.DataFrame,
    mode: str = "new",
) -> Path:
    """Write codings/<coder>.csv and the coder's row of models.csv."""
    entries = {name: answer.entry for name, answer in said.items() if answer.entry is not None}
    path = write_coder(entries, coder, corpus, codebook, fragments, mode)
    row = {
        "coder": coder,
        "model": endpoint.model,
        "version": "; ".join(sorted({answer.version for answer in said.values() if answer.version})) or pd.NA,
        "host": endpoint.host,
        "date": max(answer.date for answer in said.values()),
        "temperature": f"{endpoint.temperature:g}",
        "prompt_sha256": hashlib.sha256(prompt.encode("utf-8")).hexdigest(),
        "fragments": len(entries),
        "voided": sum(answer.voided for answer in said.values()),
        "unread": len(said) - len(entries),
    }
    others = read_models(corpus)
    table = pd.concat([others[others["coder"] != coder], pd.DataFrame([row])], ignore_index=True)
    tables.write_table(tables.check_table(table, MODELS, "models.csv"), models_file(corpus), ["coder"])
    return path


def some_passages(fragments: pd.DataFrame, n: int | None, seed: int) -> dict[str, str]:
    """The passages by fragment, all of them or `n` at random; CompendiumError where no source gives their words."""
    if "text" not in fragments:
        raise CompendiumError("a model reads passages, and no source is in place: give its folder as SOURCES=….")
    if n is not None and n < 1:
        raise CompendiumError(f"--sample {n}: wanted at least 1.")
    names = sorted(fragments["fragment"], key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
    kept = set(names if n is None else names[:n])
    return {row.fragment: row.text for row in fragments.itertuples() if row.fragment in kept}


def code_model_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `code-model --model NAME [--url U] [--sample N] [--coder C] …`."""
    parser.add_argument("--model", required=True, help="the model's name as the server knows it")
    parser.add_argument("--url", default=LOCAL, help=f"an OpenAI-compatible address; default {LOCAL}")
    parser.add_argument("--confirm", default="", metavar="HOST", help="send the passages to this other machine")
    parser.add_argument("--key-file", type=Path, help="a file with the key that the server asks for")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds to wait for one answer")
    parser.add_argument("--coder", default="", help="the coder's name; default from the model's")
    parser.add_argument("--corpus", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles")
    parser.add_argument("--sample", type=int, help="how many fragments, at random; without it, all")
    parser.add_argument("--seed", type=int, default=settings.SEED)
    parser.add_argument("--replace", action="store_true", help="write an existing coder anew")
    parser.set_defaults(run=_code_model)


def _code_model(options: argparse.Namespace) -> int:
    key = options.key_file.read_text(encoding="utf-8").strip() if options.key_file else ""
    endpoint = Endpoint(options.url, options.model, options.temperature, options.patience, key)
    check_endpoint(endpoint, options.confirm)
    corpus = read_corpus(options.corpus, options.sources)
    books = read_codebooks(corpus.shelf)
    name = options.coder or re.sub(r"[^a-z0-9]+", "-", options.model.lower()).strip("-")
    coder = MODEL_CODER + name.removeprefix(MODEL_CODER)  # so that every figure tells that a model coded
    coder_file(coder, corpus, replace=options.replace)
    fragments = corpus_study(corpus, books, study_terms(corpus.shelf))[0].fragments
    passages, prompt = some_passages(fragments, options.sample, options.seed), prompt_text(books, corpus.shelf)
    answers = Answers(paths.CACHE / "models" / f"{corpus.name}.jsonl", answers_key(endpoint, coder, prompt))
    print(f"{len(passages)} passages for {endpoint.model} at {endpoint.host}; Ctrl-C breaks off, and again goes on.")
    said = code_passages(endpoint, prompt, passages, books[0], answers, corpus.codes)
    mode = "replace" if options.replace else "new"
    path = write_model_coder(said, endpoint, coder, prompt, corpus, books[0], fragments, mode)
    row = read_models(corpus).set_index("coder", drop=False).loc[coder]
    print(files.printable(f"{paths.short_path(path)}: {model_sentence(row)}."))
    return 0
