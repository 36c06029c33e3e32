"""Where a device asks for a credential, and where it gives an answer with one. The two have nothing in common.

The first knows who asks (the account's session or the code from a letter) and sees a random number. The second takes
no cookie at all: whoever comes there is nobody.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qiao.base import sealing, throttle
from qiao.base.access import PUBLIC, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.judge.evaluations import services
from qiao.judge.evaluations.choices import Mode
from qiao.judge.evaluations.rules.modes import ASSISTED
from qiao.judge.evaluations.views.public import found

#: More signs than anything sent here has in base64.
_LONGEST = 2 * sealing.PAD


@page(PUBLIC)
@require_POST
def credential(request: ActorRequest, code: str) -> HttpResponse:
    """Sign a blinded number for who is signed in or holds a code. 422 with the fault where that is not to be."""
    evaluation, moment, address = found(code), now(), throttle.address_of(request)
    secret_code = request.POST.get("code", "")[:64]
    if secret_code:
        throttle.ensure("evaluation code", address, now=moment)
    try:
        signed = services.issue_credential(
            actor=request.actor,
            now=moment,
            code=evaluation.code,
            blinded=bytes_of(request, "blinded"),
            secret_code=secret_code,
            mode=_mode(request),
        )
    except Refused:
        # Perhaps only signed out in the meantime: what the device holds stays good.
        fault = _("You are not among those asked: only members this project serves are, or a random sample of them.")
        return JsonResponse({"fault": fault, "keep": True}, status=422)
    except Problem as problem:
        if secret_code:
            throttle.failed("evaluation code", address, limit=20, per=timedelta(minutes=10), now=moment)
        return JsonResponse({"fault": problem_text(problem)}, status=422)
    return JsonResponse({"signed": base64.b64encode(signed).decode()})


def _mode(request: ActorRequest) -> Mode:
    """How whoever is asked answers; unknown words are a device of one's own."""
    named = request.POST.get("mode", "")
    return Mode(named) if named in ASSISTED else Mode.DEVICE


@csrf_exempt
@page(PUBLIC)
@require_POST
def box(request: ActorRequest, code: str) -> HttpResponse:
    """Take a sealed answer that comes with its credential. 400 for a request with cookies, 422 where it is not taken.

    No token against other sites: nobody is signed in here, and who has the credential may send it from anywhere.
    """
    if request.COOKIES:
        return JsonResponse({"fault": "cookies"}, status=400)
    evaluation = found(code)
    try:
        receipt = services.spend_credential(
            now=now(),
            code=evaluation.code,
            sealed=bytes_of(request, "sealed"),
            prefix=bytes_of(request, "prefix"),
            credential=bytes_of(request, "credential"),
        )
    except Problem as problem:
        return JsonResponse({"fault": problem_text(problem)}, status=422)
    return JsonResponse({"receipt": receipt.number})


def bytes_of(request: ActorRequest, name: str) -> bytes:
    """The bytes of a field in base64; empty for what is none."""
    try:
        return base64.b64decode(request.POST.get(name, "")[:_LONGEST], validate=True)
    except (binascii.Error, ValueError):
        return b""
