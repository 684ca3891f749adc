"""Tables are checked on the way in, and the same bytes on the way out."""

import sys

import pandas as pd
import pytest

from analysis.study.errors import CompendiumError
from analysis.study.tables import DOCUMENTS, HITS, read_table, write_table


def written(tmp_path, text):
    path = tmp_path / "hits.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_bad_cell_is_told_by_file_row_column_value_and_what_was_wanted(tmp_path):
    path = written(tmp_path, "fragment,term,form,count\na-p1-1,wereld,wereld,1\na-p1-2,wereld,wereld,0\n")
    with pytest.raises(CompendiumError, match=r"hits\.csv, row 3, column 'count': found '?0.*wanted how often, from 1"):
        read_table(path, HITS)


def test_a_cell_that_is_no_number_is_told_too(tmp_path):
    path = written(tmp_path, "fragment,term,form,count\na-p1-1,wereld,wereld,veel\n")
    with pytest.raises(CompendiumError, match=r"row 2, column 'count': found 'veel'"):
        read_table(path, HITS)


def test_a_missing_and_an_unknown_column_are_named(tmp_path):
    path = written(tmp_path, "fragment,term,vorm,count\na-p1-1,wereld,wereld,1\n")
    with pytest.raises(CompendiumError, match=r"missing: form; unknown: vorm"):
        read_table(path, HITS)


def test_a_row_that_stands_twice_is_refused(tmp_path):
    path = written(tmp_path, "fragment,term,form,count\na-p1-1,wereld,wereld,1\na-p1-1,wereld,wereld,2\n")
    with pytest.raises(CompendiumError, match=r"row 2"):
        read_table(path, HITS)


def test_a_file_that_is_not_there_is_told_with_its_columns(tmp_path):
    with pytest.raises(CompendiumError, match=r"does not exist; wanted a table with columns fragment, term"):
        read_table(tmp_path / "hits.csv", HITS)


def test_a_byte_order_mark_and_an_optional_column_do_no_harm(tmp_path):
    path = tmp_path / "documents.csv"
    head = "document,region,role,title,citation_key,year,file,pages"
    path.write_text(f"\ufeff{head}\nx,X,profile,T,,2018,x.pdf,\n", encoding="utf-8")
    assert read_table(path, DOCUMENTS).loc[0, "year"] == 2018


@pytest.mark.parametrize("cell", ["=1+1", "+31 6", "-naam", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text_and_read_back_as_it_was(tmp_path, cell):
    path = tmp_path / "hits.csv"
    table = pd.DataFrame({"fragment": ["a-p1-1"], "term": [cell], "form": ["x"], "count": [1]})
    write_table(table, path)
    assert f",'{cell}," in path.read_text(encoding="utf-8")
    assert read_table(path, HITS).loc[0, "term"] == cell


def test_the_order_of_rows_does_not_change_the_bytes(tmp_path):
    table = pd.DataFrame({"name": ["b", "a"], "share": [0.1, 2 / 3]})
    write_table(table, tmp_path / "1.csv", ["name"])
    write_table(table.iloc[::-1], tmp_path / "2.csv", ["name"])
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    assert (tmp_path / "1.csv").read_text(encoding="utf-8") == "name,share\na,0.666667\nb,0.1\n"


def test_a_table_that_cannot_be_written_leaves_the_old_one_whole(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old\n", encoding="utf-8")

    class Bad:
        def __str__(self):
            raise RuntimeError("cannot be written")

    with pytest.raises(RuntimeError):
        write_table(pd.DataFrame({"a": [Bad()]}), path)
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [item.name for item in tmp_path.iterdir()] == ["t.csv"]


def test_a_table_that_is_read_again_is_as_it_stands_in_the_file_and_the_record_hears_of_it(tmp_path, monkeypatch):
    path = written(tmp_path, "fragment,term,form,count\na-p1-1,wereld,wereld,1\n")
    table = read_table(path, HITS)
    table.loc[0, "count"] = 7  # a reader's own change
    heard = []
    with monkeypatch.context() as hearing:  # what a hook of sys.addaudithook hears
        hearing.setattr(sys, "audit", lambda *told: heard.append(told[:2]))
        assert read_table(path, HITS)["count"].tolist() == [1]
    assert heard == [("open", str(path))]
    path.write_text("fragment,term,form,count\na-p1-1,wereld,wereld,22\n", encoding="utf-8")
    assert read_table(path, HITS)["count"].tolist() == [22]
    path.write_text("fragment,term,form,count\na-p1-1,wereld,wereld,0\n", encoding="utf-8")
    with pytest.raises(CompendiumError, match="from 1"):
        read_table(path, HITS)


def test_a_table_of_the_same_bytes_elsewhere_is_checked_once_and_each_error_names_its_own_file(tmp_path, monkeypatch):
    text = "fragment,term,form,count\nm-p1-1,wereld,wereldwijd,4\n"
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for path in (one, two):
        path.write_text(text, encoding="utf-8")
    read_table(one, HITS)
    monkeypatch.setattr("analysis.study.tables.check_table", lambda *_: pytest.fail("checked twice"))
    assert read_table(two, HITS)["count"].tolist() == [4]
    monkeypatch.undo()
    for path in (one, two):
        path.write_text(text.replace("4", "0"), encoding="utf-8")
        with pytest.raises(CompendiumError, match=rf"{path.stem}\.csv, row 2, column 'count'"):
            read_table(path, HITS)
