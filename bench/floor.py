"""The floor: the least a Django view can do to take a questionnaire. Its page is drawn once; one INSERT per answer.

Settings come from the environment: FLOOR_DATABASE (URL) and FLOOR_QUESTIONS (a JSON file of name, kind, values).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings

from qiao.config.database import django_database

QUESTIONS = json.loads(Path(os.environ["FLOOR_QUESTIONS"]).read_text(encoding="utf-8"))
settings.configure(
    SECRET_KEY="floor" * 12, DEBUG=False, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True,
    USE_I18N=False, LOGGING_CONFIG=None, INSTALLED_APPS=[],
    DATABASES={"default": django_database(os.environ["FLOOR_DATABASE"])},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
)  # fmt: skip

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.urls import path  # noqa: E402

_KNOWN = {one["name"]: frozenset(one["values"]) for one in QUESTIONS}
_KIND = {one["name"]: one["kind"] for one in QUESTIONS}


def _page() -> tuple[bytes, bytes]:
    parts = ["<!doctype html><html lang=zh><title>问卷</title><h1>问卷</h1><form method=post>", "<!--token-->"]
    for one in QUESTIONS:
        name, kind = one["name"], one["kind"]
        if kind in {"one", "some"}:
            box = "radio" if kind == "one" else "checkbox"
            choices = "".join(
                f'<label><input type="{box}" name="{name}" value="{value}"> {label}</label>'
                for value, label in zip(one["values"], one["labels"], strict=True)
            )
            parts.append(f"<fieldset><legend>{one['label']}</legend>{choices}</fieldset>")
        else:
            parts.append(f'<label>{one["label"]} <input name="{name}"></label>')
    before, after = "".join([*parts, "<button>提交</button></form></html>"]).split("<!--token-->")
    return before.encode(), after.encode()


BEFORE, AFTER = _page()


def answer(request: HttpRequest) -> HttpResponse:
    """Show the page; take the answer."""
    if request.method != "POST":
        token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        return HttpResponse(BEFORE + token.encode() + AFTER)
    kept: dict[str, object] = {}
    for name, known in _KNOWN.items():
        if _KIND[name] == "some":
            chosen = request.POST.getlist(name)
            if not known.issuperset(chosen):
                return HttpResponse("?", status=422)
            kept[name] = chosen
            continue
        value = request.POST.get(name, "")
        if known and value and value not in known:
            return HttpResponse("?", status=422)
        kept[name] = value
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO response (answers) VALUES (%s::jsonb)", [json.dumps(kept)])
    return HttpResponse("<p>谢谢</p>".encode())


urlpatterns = [path("answer/", answer)]
application = get_wsgi_application()
