"""Addresses of the yearly table and of the inputs of allocation."""

from __future__ import annotations

from django.urls import path

from qiao.org.yearbook import views

app_name = "yearbook"
urlpatterns = [
    path("", views.latest, name="latest"),
    path("method/", views.method, name="method"),
    path("<int:year>/edition.csv", views.edition_text, name="edition"),
    path("<str:label>/<int:year>/", views.table, name="table"),
    path("<str:label>/<int:year>/table.xlsx", views.workbook, name="workbook"),
    path("<str:label>/<int:year>/table.csv", views.text, name="text"),
    path("<str:label>/<int:year>/assure/", views.assure, name="assure"),
    path("<str:label>/inputs/", views.inputs, name="inputs"),
    path("<str:label>/inputs/enter/", views.enter, name="enter"),
    path("<str:label>/inputs/<int:key>/contest/", views.contest, name="contest"),
    path("<str:label>/inputs/<int:key>/decide/", views.decide, name="decide"),
    path("<str:label>/sheet/<str:level>/", views.sheet, name="sheet"),
    path("<str:label>/sheet/<str:level>.csv", views.sheet_text, name="sheet-text"),
]
