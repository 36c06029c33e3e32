"""A short way to the page by which most people answer: what a page by code has no use for is not prepared for it.

It opens no session, asks who nobody is, keeps no messages and needs no token against other sites (see
``qiao.hear.surveys.views.answering``), so it stands before the parts of the chain that do.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation

from qiao.base.access import ANONYMOUS
from qiao.hear.surveys.views import answering

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ShortWayMiddleware:
    """Answer pages by code here, everything else further down the chain."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.prefix = reverse("surveys:answer", args=["-"]).removesuffix("-/")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A page by code from here; the answer of those further down to everything else."""
        code = request.path_info.removeprefix(self.prefix).removesuffix("/")
        if (
            not request.path_info.startswith(self.prefix)
            or not request.path_info.endswith("/")
            or not code
            or "/" in code
            or request.method not in {"GET", "HEAD", "POST"}
        ):
            return self.get_response(request)
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        if request.method == "POST" and any("\0" in value for values in request.POST.lists() for value in values[1]):
            raise SuspiciousOperation("a form with a NUL sign")
        before = translation.get_language()
        try:
            response = answering.answer(request, code=code)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        finally:
            translation.activate(before or "zh-hans")
        response.headers["Vary"] = "Accept-Language, Cookie"
        if isinstance(response, HttpResponse):
            response.headers["Content-Length"] = str(len(response.content))
        return response
