"""How Django's forms are drawn."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's own widgets; whole forms are drawn by the component ``<c-form>``."""
