"""Addresses of coverage, outreach and targets."""

from __future__ import annotations

from django.urls import path

from qiao.org.coverage.views import outreach, pages, targets

app_name = "coverage"
urlpatterns = [
    path("", pages.top, name="top"),
    path("outreach/", outreach.campaigns, name="campaigns"),
    path("outreach/new/", outreach.new, name="new_campaign"),
    path("outreach/<str:code>/", outreach.campaign, name="campaign"),
    path("outreach/<str:code>/board.xlsx", outreach.workbook, name="board_workbook"),
    path("outreach/<str:code>/act/", outreach.act, name="act"),
    path("outreach/<str:code>/poster/", outreach.poster, name="poster"),
    path("outreach/<str:code>/<str:employer>/", outreach.lead, name="lead"),
    path("targets/<str:code>/", targets.target, name="target"),
    path("targets/<str:code>/act/", targets.act, name="act_target"),
    path("targets/<str:code>/change/", targets.change, name="change_target"),
    path("<str:label>/", pages.unit, name="unit"),
    path("<str:label>/coverage.<str:form>", pages.download, name="download"),
    path("<str:label>/unions/", pages.unions, name="unions"),
    path("<str:label>/unions.xlsx", pages.unions_file, name="unions_workbook"),
    path("<str:label>/scope/", pages.scope, name="scope"),
    path("<str:label>/targets/", targets.targets, name="targets"),
    path("<str:label>/targets/new/", targets.new, name="new_target"),
]
