"""OpenRosa for apps that collect offline: form list, form, manifest, media, submission (docs.getodk.org/openrosa).

A collector's token stands in the address or is the password of HTTP Basic; either opens one round. No session, no
cookie, no token of a form: whoever sends says who they are with every request.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from functools import wraps
from typing import cast
from xml.sax.saxutils import escape, quoteattr

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.hear.surveys import queries, rules
from qiao.hear.surveys.models import Collector, Round
from qiao.hear.surveys.queries.forms import form_file
from qiao.hear.surveys.services import collectors, submissions

_XML = "text/xml; charset=utf-8"
View = Callable[..., HttpResponseBase]


def collector_page(view: Callable[..., HttpResponse]) -> View:
    """Open to a collector of a round: calls the view with the round. Wrong tokens are slowed by address."""

    @wraps(view)
    def guarded(request: ActorRequest, token: str = "", **values: str) -> HttpResponse:
        moment, address = now(), throttle.address_of(request)
        try:
            throttle.ensure("collector", address, now=moment)
            found = _collector(token or _basic(request))
            if found is None:
                throttle.failed("collector", address, limit=20, per=timedelta(minutes=10), now=moment)
        except throttle.TooMany as slow:
            return _said(429, problem_text(slow))
        if found is None:
            response = _said(404 if token else 401, gettext("No collector has this access, or it was revoked."))
            if not token:
                response.headers["WWW-Authenticate"] = 'Basic realm="qiao", charset="UTF-8"'
            return response
        response = view(request, queries.round_by_code(found.round.code), token, **values)
        response.headers["X-OpenRosa-Version"] = "1.0"
        response.headers["Date"] = format_datetime(moment, usegmt=False)
        response.headers["Cache-Control"] = "no-store"
        return response

    return cast("View", csrf_exempt(page(PUBLIC)(cast("View", guarded))))


def _collector(token: str) -> Collector | None:
    if not token or len(token) > 200:
        return None
    found = Collector.objects.select_related("round").filter(token_hash=collectors.token_hash(token)).first()
    return found if found is not None and found.revoked is None else None


def _basic(request: HttpRequest) -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _said(status: int, message: str) -> HttpResponse:
    """A word to the app, which shows it to the collector."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f"<message>{escape(message)}</message></OpenRosaResponse>"
    )
    response = HttpResponse(text, status=status, content_type=_XML)
    response.headers["X-OpenRosa-Version"] = "1.0"
    return response


def _address(request: HttpRequest, page_name: str, token: str, **values: str) -> str:
    route = f"surveys:{page_name}_by_token" if token else f"surveys:{page_name}"
    return request.build_absolute_uri(reverse(route, kwargs={**({"token": token} if token else {}), **values}))


def _form(survey: Round) -> bytes:
    form = queries.runtime_of(survey.version_id).form
    label = " / ".join(("请输入信上的一次性号码", "Single-use code from the letter"))
    return collectors.form_for_app(survey, form.xform, form.root, label)


def _files(survey: Round) -> dict[str, str]:
    """The files of a questionnaire's labels: hash by name."""
    document = getattr(survey.version, "document", None) or {}
    return {str(name): str(facts["sha256"]) for name, facts in document.get("files", {}).items()}


@collector_page
def form_list(request: HttpRequest, survey: Round, token: str) -> HttpResponse:
    """The one form a collector has, while its round is open."""
    listed = ""
    if rules.takes_answers(survey, now()):
        form = queries.runtime_of(survey.version_id).form
        content = _form(survey)
        manifest = (
            f"<manifestUrl>{escape(_address(request, 'collect_manifest', token))}</manifestUrl>"
            if _files(survey)
            else ""
        )
        listed = (
            f"<xform><formID>{escape(form.id)}</formID><name>{escape(pick(survey.title) or form.title)}</name>"
            f"<version>{escape(form.version)}</version><hash>md5:{_md5(content)}</hash>"
            f"<downloadUrl>{escape(_address(request, 'collect_form', token))}</downloadUrl>{manifest}</xform>"
        )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<xforms xmlns="http://openrosa.org/xforms/xformsList">{listed}</xforms>'
    return HttpResponse(text, content_type=_XML)


@collector_page
def form_xml(request: HttpRequest, survey: Round, token: str) -> HttpResponse:
    """The XForm."""
    return HttpResponse(_form(survey), content_type=_XML)


@collector_page
def manifest(request: HttpRequest, survey: Round, token: str) -> HttpResponse:
    """The pictures and sounds its labels show."""
    found = []
    for name, sha256 in _files(survey).items():
        content = bytes(form_file(sha256, name).content)
        link = _address(request, "collect_media", token, name=name)
        found.append(
            f"<mediaFile><filename>{escape(name)}</filename><hash>md5:{_md5(content)}</hash>"
            f"<downloadUrl>{escape(link)}</downloadUrl></mediaFile>"
        )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="http://openrosa.org/xforms/xformsManifest">'
        f"{''.join(found)}</manifest>"
    )
    return HttpResponse(text, content_type=_XML)


@collector_page
def media(request: HttpRequest, survey: Round, token: str, name: str) -> HttpResponse:
    """One of these files."""
    sha256 = _files(survey).get(name)
    if sha256 is None:
        raise Http404
    kept = form_file(sha256, name)
    response = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quoteattr(name)[1:-1]}"
    return response


@collector_page
def submission(request: HttpRequest, survey: Round, token: str) -> HttpResponse:
    """Take one filled form. HEAD says how much may be sent at once; a form sent again is thanked for again."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response.headers["Location"] = request.build_absolute_uri()
        response.headers["X-OpenRosa-Accept-Content-Length"] = str(submissions.MAX_SENDING)
        return response
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "HEAD, POST"})
    if int(request.META.get("CONTENT_LENGTH") or 0) > submissions.MAX_SENDING:
        return _said(413, gettext("This is too much at once."))
    sent = request.FILES.getlist("xml_submission_file")
    if len(sent) != 1:
        return _said(400, gettext("The sending holds no xml_submission_file."))
    files = {
        str(upload.name or name): upload.read()
        for name, uploads in request.FILES.lists()
        if name != "xml_submission_file"
        for upload in uploads
    }
    try:
        submissions.take_submission(
            now=now(), survey=survey, runtime=queries.runtime_of(survey.version_id), xml=sent[0].read(), files=files
        )
    except Problem as problem:
        return _said(400, problem_text(problem))
    response = _said(201, gettext("Received."))
    response.headers["Location"] = request.build_absolute_uri()
    response.headers["X-OpenRosa-Accept-Content-Length"] = str(submissions.MAX_SENDING)
    return response


def _md5(content: bytes) -> str:
    """The hash by which apps know whether a file changed (OpenRosa knows no other)."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
