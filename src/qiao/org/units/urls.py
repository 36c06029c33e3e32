"""Addresses of the unit directory."""

from __future__ import annotations

from django.urls import path

from qiao.org.units.views import change, ending, files, founding, importing, tree

app_name = "units"
urlpatterns = [
    path("", tree.directory, name="directory"),
    path("find/", tree.find, name="find"),
    path("tree.jsonld", files.jsonld, name="jsonld"),
    path("tree.<str:form>", files.export, name="export"),
    path("imports/", importing.batches, name="batches"),
    path("imports/template.xlsx", importing.template, name="template"),
    path("imports/<str:code>/", importing.batch, name="batch"),
    path("imports/<str:code>/match/", importing.match, name="match"),
    path("imports/<str:code>/confirm/", importing.confirm, name="confirm"),
    path("imports/<str:code>/undo/", importing.undo, name="undo"),
    path("imports/<str:code>/discard/", importing.discard, name="discard"),
    path("<str:label>/import/", importing.upload, name="upload"),
    path("<str:label>/", tree.unit, name="unit"),
    path("<str:label>/below/<str:kind>/", tree.below, name="below"),
    path("<str:label>/propose/", founding.propose, name="propose"),
    path("<str:label>/begin/", founding.begin, name="begin"),
    path("<str:label>/prepared/", founding.prepared, name="prepared"),
    path("<str:label>/approve/", founding.approve, name="approve"),
    path("<str:label>/refuse/", founding.refuse, name="refuse"),
    path("<str:label>/withdraw/", founding.withdraw, name="withdraw"),
    path("<str:label>/appeal/", founding.appeal, name="appeal"),
    path("<str:label>/rename/", change.rename, name="rename"),
    path("<str:label>/move/", change.move, name="move"),
    path("<str:label>/sector/", change.sector, name="sector"),
    path("<str:label>/headcount/", change.headcount, name="headcount"),
    path("<str:label>/end/", ending.end, name="end"),
]
