"""Every template is used, and none holds what the content security policy forbids."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template

import qiao

PACKAGE = Path(qiao.__file__).parent
TEMPLATES = {
    str(file.relative_to(folder)): file
    for folder in PACKAGE.rglob("templates")
    for file in folder.rglob("*")
    if file.is_file()
}
#: Named by Django or allauth, not by us: allauth has a template of this name itself, ours stands before it.
BY_CONVENTION = re.compile(r"^(403|404|500)\.html$")
ALLAUTH = Path(allauth.__file__).parent / "templates"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_template_compiles(name: str) -> None:
    get_template(name)


def test_no_unused_template() -> None:
    text = "\n".join(
        file.read_text(encoding="utf-8") for pattern in ("*.py", "*.html") for file in PACKAGE.rglob(pattern)
    )
    unused = []
    for name in TEMPLATES:
        if name.startswith("cotton/"):
            tag = "c-" + name.removeprefix("cotton/").removesuffix(".html").replace("_", "-").replace("/", ".")
            used = re.search(rf"<{re.escape(tag)}[\s/>]", text) is not None
        else:
            used = f'"{name}"' in text or f"'{name}'" in text
        if not used and not BY_CONVENTION.match(name) and not (ALLAUTH / name).is_file():
            unused.append(name)
    assert unused == []


def test_no_inline_script_or_style() -> None:
    # A block of JSON is data: browsers never run it, the content security policy does not speak of it.
    data = r"[^>]*\stype=\"application/json\""
    bad = re.compile(rf"\son[a-z]+=|\sstyle=|<style|javascript:|<script(?![^>]*\ssrc=|{data})", re.IGNORECASE)
    found = [name for name, file in TEMPLATES.items() if bad.search(file.read_text(encoding="utf-8"))]
    assert found == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    outside = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
    found = [name for name, file in TEMPLATES.items() if outside.search(file.read_text(encoding="utf-8"))]
    assert found == []


def test_the_stylesheet_stays_small() -> None:
    sheet = (PACKAGE / "web/static/css/qiao.css").read_bytes()
    assert len(gzip.compress(sheet, 9)) <= 12 * 1024
    assert b"@import" not in sheet
