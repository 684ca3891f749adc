"""What is written stands whole in its place, or what stood there before does."""

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
