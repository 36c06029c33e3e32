"""The actor of a request, the strict content security policy, and located errors as pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from qiao.base.access import ANONYMOUS, Actor
from qiao.base.clock import now
from qiao.base.problems import Problem, Problems
from qiao.base.throttle import TooMany
from qiao.org.access.queries import actor_for
from qiao.web import signin

GetResponse = Callable[[HttpRequest], HttpResponse]


def policy(targets: Sequence[str]) -> str:
    """What a page may load and where its forms may lead: ``targets`` besides ourselves."""
    forms = " ".join(("'self'", *targets))
    return (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
        f"base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )


_POLICY = policy(settings.FORM_TARGETS)

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ContentSecurityPolicyMiddleware:
    """No inline script or style, nothing from elsewhere, on every page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class NulMiddleware:
    """An address or a form with a NUL sign in it is nobody's: PostgreSQL knows no such text and would fail over it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in query or "%00" in query:
            raise SuspiciousOperation("an address with a NUL sign")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Look through a form; what is no form (JSON to the API) is left to whoever reads it."""
        if request.method == "POST" and request.content_type in _FORMS:
            for name, values in request.POST.lists():
                if "\0" in name or any("\0" in value for value in values):
                    raise SuspiciousOperation("a form with a NUL sign")


class ActorMiddleware:
    """``request.actor``, built when first asked for: pages that need no account cost no query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    # Without a session cookie nobody can be signed in: the session is not even opened.
    if "sessionid" not in request.COOKIES or not request.user.is_authenticated:
        return ANONYMOUS
    moment = now()
    actor = actor_for(request.user, localdate(moment))
    if signin.lost_a_role(request, actor):
        logout(request)
        return ANONYMOUS
    signin.keep_track(request, moment)
    return signin.within_its_rights(request, actor)


class ProblemMiddleware:
    """A `Problem` no form caught becomes a page that says what is wrong and where, with status 422."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render known faults; leave the rest to Django."""
        if not isinstance(exception, (Problem, Problems)):
            return None
        faults = exception.faults if isinstance(exception, Problems) else (exception,)
        if isinstance(exception, TooMany):
            return render(request, "429.html", {"fault": exception}, status=429)
        return render(request, "web/problem.html", {"faults": faults}, status=422)
