"""Addresses of the rights library."""

from __future__ import annotations

from django.urls import path

from qiao.hear.rights.views import calculators, catalogue, keeping, library

app_name = "rights"
urlpatterns = [
    path("", library.library, name="library"),
    path("overtime/", calculators.overtime_page, name="overtime"),
    path("severance/", calculators.severance_page, name="severance"),
    path("services/", catalogue.services_page, name="services"),
    path("desk/", keeping.desk, name="desk"),
    path("desk/new/", keeping.write, name="write"),
    path("desk/services/", catalogue.keep_services, name="keep_services"),
    path("desk/services.xlsx", catalogue.workbook, name="services_workbook"),
    path("desk/services/<str:code>/", catalogue.keep_service, name="keep_service"),
    path("desk/services/<str:code>/end/", catalogue.end_service, name="end_service"),
    path("desk/<str:code>/", keeping.kept, name="kept"),
    path("desk/<str:code>/revise/", keeping.revise, name="revise"),
    path("desk/<str:code>/do/<str:key>/", keeping.act, name="act"),
    path("<str:code>/", library.article, name="article"),
    path("<str:code>/helpful/", library.helpful, name="helpful"),
]
