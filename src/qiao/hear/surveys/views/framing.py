"""The pages of answering: drawn once per round and language, kept as bytes in the process, cut at their marks.

Only the code and the form's token differ from one visitor to the next. A page belongs to nobody: it shows no name and
opens no session, so it may lie in the cache of a shared phone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import get_language_from_request, gettext

from qiao.base import xlsform
from qiao.base.clock import now
from qiao.base.codes import normal_secret_code
from qiao.hear.surveys import queries
from qiao.hear.surveys.models import Round

#: The hidden field that says which round a page asks. No question's name can hold a colon.
ROUND_FIELD = "qiao:round"
#: What a page's script says to tell one sending from another; without script the form's own token does.
TOKEN_FIELD = "qiao:token"  # noqa: S105 - the name of a field
#: Marks of plain letters: nothing that escapes texts or addresses changes them.
_CSRF, _CODE, _RECEIPT = "xQiaoMarkTokenx", "xQiaoMarkCodex", "xQiaoMarkReceiptx"
_MARKS = re.compile(f"({_CSRF}|{_CODE}|{_RECEIPT})".encode())
#: Languages written from right to left, by the first part of their code.
RIGHT_TO_LEFT = frozenset({"ar", "ug", "fa", "he", "ur", "ps", "ckb", "sd", "yi", "dv", "ks", "arc", "syr"})


@dataclass(frozen=True, slots=True)
class Tongue:
    """In which language a page speaks (``site``) and which of its form's languages is wanted (``form``)."""

    site: str
    form: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One language a questionnaire can be read in."""

    code: str
    name: str
    current: bool


def tongue_of(request: HttpRequest) -> Tongue:
    """The language asked for by ``?lang=``, else the browser's language; activates what the site speaks of it."""
    asked = request.GET.get("lang", "")[:40].lower()
    known = [code for code, _name in settings.LANGUAGES]
    site = asked if asked in known else next((code for code in known if asked and code[:2] == asked[:2]), "")
    site = site or get_language_from_request(request)
    translation.activate(site)
    return Tongue(site, asked or site)


def code_of(language: str) -> str:
    """The code in a form's language: ``ar`` of ``العربية (ar)``."""
    name, _, rest = language.partition("(")
    return (rest.rstrip(") ").strip() or name.strip()).lower()


def questions(
    survey: Round,
    moment: datetime,
    tongue: Tongue,
    answers: Mapping[str, list[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """What the page of a round shows: its questions in one language, the languages there are, what was written."""
    runtime = queries.runtime_of(survey.version_id)
    form = runtime.form
    language = form.language_for(tongue.form)
    code = code_of(language) if language in form.languages else tongue.site
    text = xlsform.render(
        runtime, language=language, now=localtime(moment), answers=answers, errors=errors, translate=gettext
    )
    named = [Choice(code_of(one), one.partition("(")[0].strip(), one == language) for one in form.languages]
    return {
        "survey": survey,
        "questions": text,
        "languages": named
        if len(named) > 1
        else [Choice(key, str(name), key == tongue.site) for key, name in (("zh-hans", "简体中文"), ("en", "English"))],
        "form_language": code,
        "direction": direction_of(code),
        "round_field": ROUND_FIELD,
        "filled": answers is not None,
        "minutes": max(1, round(survey.version.questions / 4)),
    }


def direction_of(code: str) -> str:
    """``rtl`` or ``ltr``."""
    script = code.lower().replace("_", "-")
    return "rtl" if script.split("-")[0] in RIGHT_TO_LEFT or script.endswith("-arab") else "ltr"


@lru_cache(maxsize=512)
def known(round_id: int) -> tuple[int, int]:
    """A round's id and version, which never change. Raises Round.DoesNotExist, which is not remembered."""
    survey = queries.round_by_id(round_id)
    return survey.pk, survey.version_id


@lru_cache(maxsize=256)
def empty_page(round_id: int, tongue: Tongue, demo: bool, day: int) -> tuple[bytes, ...]:
    """The empty page of a round in a language, cut at its marks. Its facts are fixed while the round is open."""
    survey = queries.round_by_id(round_id)
    return _drawn("surveys/answer.html", questions(survey, now(), tongue))


@lru_cache(maxsize=256)
def thanks_page(round_id: int, tongue: Tongue, demo: bool) -> tuple[bytes, ...]:
    """The page after sending, cut at its marks."""
    return _drawn("surveys/thanks.html", {"survey": queries.round_by_id(round_id), "number": _RECEIPT})


def forget_pages() -> None:
    """Forget every page that was drawn (for tests, whose rounds have the same numbers)."""
    for kept in (known, empty_page, thanks_page):
        kept.cache_clear()


def _drawn(template: str, context: dict[str, object]) -> tuple[bytes, ...]:
    """Draw a page as nobody in particular sees it, and cut it at its marks."""
    nobody = HttpRequest()
    nobody.method, nobody.path = "GET", reverse("surveys:answer", args=[_CODE])
    nobody.path_info = nobody.path
    text = render_to_string(template, {**context, "csrf_token": _CSRF}, request=nobody)
    return tuple(_MARKS.split(text.encode()))


def fill(parts: tuple[bytes, ...], code: str, *, receipt: str = "", request: HttpRequest | None = None) -> HttpResponse:
    """A drawn page for one visitor. With ``request`` its form has a token against other sites; a code needs none."""
    marks = {
        _CSRF.encode(): get_token(request).encode() if request is not None else b"",
        _CODE.encode(): normal_secret_code(code).encode("ascii", "ignore"),
        _RECEIPT.encode(): receipt.encode(),
    }
    response = HttpResponse(b"".join([marks.get(part, part) for part in parts]))
    response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=4)
def worker_script(language: str) -> bytes:
    """The service worker: its text, the files it keeps, and a version that changes with either."""
    files = [static(name) for name in ("css/qiao.css", "js/kept.js", "js/survey.js", "js/answering.js", "img/qiao.svg")]
    scope = reverse("surveys:worker").rpartition("/")[0] + "/"
    context = {"files": files, "kept": static("js/kept.js"), "scope": scope, "language": language}
    version = hashlib.sha256(repr(context).encode()).hexdigest()[:16]
    return render_to_string("surveys/worker.js", {**context, "version": version}).encode()
