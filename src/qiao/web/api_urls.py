"""The API root: OpenAPI at /api/docs, every router of the apps beneath /api/."""

from __future__ import annotations

from django.urls import path
from ninja import NinjaAPI

from qiao import __version__

api = NinjaAPI(title="Qiao", version=__version__, docs_url=None, urls_namespace="api")

urlpatterns = [path("", api.urls)]
