"""Addresses of the API: its routes, its OpenAPI description, and a page for people at the root."""

from __future__ import annotations

from django.urls import path

from qiao.web.api import api
from qiao.web.views import shell

urlpatterns = [path("", shell.api_root, name="api_root"), path("", api.urls)]
