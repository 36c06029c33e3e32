"""The page's script in a real browser: it hides what does not apply, and only that."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from tests.base.xlsform.test_xlsform_render import KINDS

from qiao.base.xlsform import Form, Runtime, render

pytestmark = pytest.mark.journey

SCRIPT = Path(__file__).resolve().parents[3] / "src/qiao/web/static/js/survey.js"
ROWS = (
    {"type": "integer", "name": "age", "label": "Age"},
    {"type": "select_multiple yn", "name": "m", "label": "M"},
    {"type": "text", "name": "job", "label": "Job", "relevant": "${age} >= 16 and not(selected(${m}, 'n'))"},
    {"type": "text", "name": "boss", "label": "Boss", "relevant": "${job} != ''"},
    {"type": "begin group", "name": "g", "label": "Place", "relevant": "count-selected(${m}) = 1 or ${age} = '7'"},
    {"type": "select_one county", "name": "county", "label": "County"},
    {"type": "select_one town", "name": "town", "label": "Town", "choice_filter": "county = ${county}"},
    {
        "type": "select_one town",
        "name": "list",
        "label": "L",
        "choice_filter": "county=${county}",
        "appearance": "minimal",
    },
    {"type": "end group"},
)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def test_conditions_and_filters_follow_the_answers(page: Page, make_form: Callable[..., Form]) -> None:
    html = render(Runtime(make_form(*ROWS)), language="default", now=datetime(2026, 3, 1))
    page.set_content(f'<!doctype html><html lang="en"><title>Survey</title><main><h1>S</h1><form>{html}</form></main>')
    assert page.locator("#q-job").is_visible()
    assert not Axe().run(page, options={"rules": {"color-contrast": {"enabled": False}}}).violations_count
    page.add_script_tag(path=SCRIPT)

    def seen(*names: str) -> list[bool]:
        return [page.locator(f"#q-{name}").is_visible() for name in names]

    assert seen("age", "job", "boss", "county") == [True, False, False, False]
    page.fill("[name=age]", "１６")
    assert seen("job", "boss") == [True, False]
    page.fill("[name=job]", "cook")
    assert seen("boss") == [True]
    page.check("[name=m][value=n]")
    # What is hidden counts as unanswered, here as on the server.
    assert seen("job", "boss", "county") == [False, False, True]
    page.check("[name=county][value=a]")
    assert page.locator("[name=town]:visible").evaluate_all("all => all.map(one => one.value)") == ["a1"]
    assert page.locator("[name=list] option:not([hidden])").all_text_contents() == ["Please choose", "Alpha"]
    page.check("[name=town][value=a1]")
    page.check("[name=county][value=b]")
    assert page.locator("[name=town]:checked").count() == 0
    page.check("[name=m][value=y]")
    assert seen("county") == [False]
    page.fill("[name=age]", "7")
    assert seen("county") == [True]
    assert page.locator(".only-if:visible").count() == 0


def test_entries_come_and_go_without_the_server(page: Page, make_form: Callable[..., Form]) -> None:
    rows = (
        {"type": "integer", "name": "n", "label": "How many"},
        {"type": "begin repeat", "name": "child", "label": "Child"},
        {"type": "integer", "name": "age", "label": "Age"},
        {"type": "text", "name": "school", "label": "School", "relevant": "${age} >= 6"},
        {"type": "end repeat"},
        {"type": "begin repeat", "name": "job", "label": "Job", "repeat_count": "${n}"},
        {"type": "text", "name": "title", "label": "Title"},
        {"type": "end repeat"},
    )
    html = render(Runtime(make_form(*rows)), language="default", now=datetime(2026, 3, 1))
    page.set_content(f"<form>{html}</form>")
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    listed = page.locator("[name='child:#']")
    page.get_by_role("button", name="Add one more").click()
    assert listed.input_value() == "1 2"
    page.fill("[name='child:2:age']", "7")
    assert page.locator("[name='child:2:school']").is_visible()
    assert not page.locator("[name='child:1:school']").is_visible()
    assert page.locator("fieldset.entry:visible legend").all_text_contents() == ["Entry 1", "Entry 2"]
    page.get_by_role("button", name="Take this away Entry 1").click()
    assert listed.input_value() == "2"
    page.fill("[name=n]", "3")
    assert page.locator("[name$=':title']").count() == 3
    page.fill("[name=n]", "1")
    assert page.locator("[name$=':title']").count() == 1
    # A kept draft names its entries and says so; they are drawn for it to fill in.
    page.evaluate(
        "() => { const one = document.getElementsByName('child:#')[0]; one.value = '2 5';"
        " one.dispatchEvent(new Event('change', { bubbles: true })) }"
    )
    assert page.locator("[name='child:5:age']").is_visible()
    assert page.input_value("[name='child:2:age']") == "7"


def test_a_page_with_errors_is_accessible(page: Page, make_form: Callable[..., Form]) -> None:
    runtime = Runtime(make_form(*KINDS))
    errors = {key: "Please look again" for key, step in runtime.steps.items() if step.reader}
    html = render(runtime, language="default", now=datetime(2026, 3, 1), errors=errors)
    page.set_content(f'<!doctype html><html lang="en"><title>Survey</title><main><h1>S</h1><form>{html}</form></main>')
    result = Axe().run(page, options={"rules": {"color-contrast": {"enabled": False}}})
    assert result.violations_count == 0, result.generate_report()


def test_the_script_is_small_and_plain() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.encode()) < 8192
    assert not any(word in text for word in ("eval(", "Function(", "innerHTML", "http:", "https:", "fetch("))
