"""Addresses of employers and their import."""

from __future__ import annotations

from django.urls import path

from qiao.org.workplaces.views import employers, importing

app_name = "workplaces"
_IMPORT = "import/<str:label>/"
urlpatterns = [
    path("", employers.employers, name="employers"),
    path("employers.xlsx", employers.download, name="download"),
    path("enter/", employers.enter, name="enter"),
    path(_IMPORT, importing.imports, name="imports"),
    path(f"{_IMPORT}template.xlsx", importing.template, name="import_template"),
    path(f"{_IMPORT}<str:code>/", importing.batch, name="batch"),
    path(f"{_IMPORT}<str:code>/match/", importing.match, name="match"),
    path(f"{_IMPORT}<str:code>/move/", importing.move, name="move_batch"),
    path("<str:code>/", employers.employer, name="employer"),
    path("<str:code>/change/", employers.change, name="change"),
    path("<str:code>/count/", employers.count, name="count"),
    path("<str:code>/count/<int:number>/", employers.correct, name="correct"),
    path("<str:code>/union/", employers.link, name="link"),
    path("<str:code>/<str:what>/", employers.end, name="end"),
]
