"""Texts are found under whatever name a file calls Django's functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiao.cli import messages


def test_a_function_imported_by_another_name_marks_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "app"
    home.mkdir()
    (home / "apps.py").write_text("", encoding="utf-8")
    (home / "forms.py").write_text(
        "from django.utils.translation import gettext as _now, pgettext as in_context\n"
        '_now("Line %(number)d")\nin_context("verb", "open")\nother("not a text")\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    assert messages.extract(home) == {(None, "Line %(number)d"): "", ("verb", "open"): ""}
