"""Files of ballots."""

from __future__ import annotations

from django.http import HttpResponse


def pabulib_response(code: str, text: str) -> HttpResponse:
    """The papers of a counted vote as a download."""
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{code}.pb"'},
    )
