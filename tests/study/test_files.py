"""What is written stands whole in its place, or what stood there before does."""

import os
import shutil

import pytest

from analysis.study import files


def folder_of(path, **texts):
    path.mkdir(parents=True)
    for name, text in texts.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_folder_takes_the_place_of_another_with_nothing_of_it_left(tmp_path):
    new, old = folder_of(tmp_path / "made", a="new", b="new"), folder_of(tmp_path / "book", a="old", gone="old")
    files.replace_folder(new, old)
    assert sorted((path.name, path.read_text()) for path in old.iterdir()) == [("a", "new"), ("b", "new")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "made"]


def test_a_folder_that_cannot_be_copied_leaves_the_old_one_whole(tmp_path, monkeypatch):
    def half(source, target):
        folder_of(target, a="half")
        raise OSError(28, "No space left on device")

    new, old = folder_of(tmp_path / "made", a="new"), folder_of(tmp_path / "book", a="old")
    monkeypatch.setattr(shutil, "copytree", half)
    with pytest.raises(OSError, match="No space"):
        files.replace_folder(new, old)
    assert [path.read_text() for path in old.iterdir()] == ["old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "made"]


def test_what_is_begun_is_written_when_all_is_finished_and_many_may_be_under_way(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    for number in range(7):
        files.start_beside(lambda number=number: files.write_text(str(number), tmp_path / f"{number}.txt"))
    files.finish_beside()
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == list("0123456")


def test_what_fails_in_a_fork_is_done_here_so_that_its_error_can_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    here = os.getpid()

    def fail_elsewhere():
        files.write_text("here" if os.getpid() == here else "elsewhere", tmp_path / "a.txt")
        if os.getpid() != here:
            raise OSError(28, "No space left on device")

    def fail():
        raise OSError(28, "No space left on device")

    files.start_beside(fail_elsewhere)
    files.finish_beside()
    assert (tmp_path / "a.txt").read_text() == "here"
    files.start_beside(fail)
    with pytest.raises(OSError, match="No space"):
        files.finish_beside()


def test_with_one_processor_nothing_is_forked(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    files.start_beside(lambda: files.write_text(str(os.getpid()), tmp_path / "a.txt"))
    assert (tmp_path / "a.txt").read_text() == str(os.getpid())
