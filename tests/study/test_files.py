"""What is written stands whole in its place, or what stood there before does."""

import os
import select
import shutil

import pytest

from analysis.study import files, settings


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


@pytest.mark.skipif(not settings.CAN_FORK, reason="this system has no forks")
@pytest.mark.parametrize("processors", [1, 2, 3, 8])
def test_what_forks_work_out_comes_in_its_order(monkeypatch, processors):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    works = [lambda n=n: ("x" * 100_000 * n, os.getpid()) for n in range(5)]  # more than a pipe holds
    given = files.at_once(works, beside=True)
    assert [len(text) for text, _ in given] == [0, 100_000, 200_000, 300_000, 400_000]
    assert len({process for _, process in given}) == min(processors, 5)
    assert {process for _, process in files.at_once(works, beside=False)} == {os.getpid()}
    assert files.at_once([], beside=True) == []


def test_what_cannot_be_worked_out_in_a_fork_says_so_here(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    here = os.getpid()
    assert files.at_once([os.getpid, lambda: 1 // (os.getpid() == here)], beside=True) == [here, 1]
    with pytest.raises(ZeroDivisionError):
        files.at_once([os.getpid, lambda: 1 // 0], beside=True)
    assert files.at_once([os.getpid, lambda: lambda: 1], beside=True)[1]() == 1  # nothing that could be sent


@pytest.mark.skipif(not settings.CAN_FORK, reason="this system has no forks")
def test_forks_go_when_nobody_is_there_to_read_what_they_give(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    here, there = os.pipe()  # whoever lives holds its other end
    parent = os.fork()
    if not parent:
        large = "x" * 1_000_000
        try:
            files.at_once([lambda: os._exit(0), lambda: large, lambda: large], beside=True)
        finally:
            os._exit(1)
    os.close(there)
    os.waitpid(parent, 0)
    assert select.select([here], [], [], 60)[0] and os.read(here, 1) == b""
    os.close(here)
