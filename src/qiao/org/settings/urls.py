"""Addresses of unit settings."""

from __future__ import annotations

from django.urls import path

from qiao.org.settings.views import changing, reading

app_name = "unit_settings"
urlpatterns = [
    path("", reading.settings, name="settings"),
    path("settings.xlsx", reading.workbook, name="workbook"),
    path("values/<int:value_id>/withdraw/", changing.withdraw, name="withdraw"),
    path("calendar/<str:label>/file/", changing.calendar_file, name="calendar_file"),
    path("calendar/<str:label>/<int:year>/", changing.year, name="year"),
    path("<str:key>/", reading.setting, name="setting"),
    path("<str:key>/<str:label>/change/", changing.change, name="change"),
    path("<str:key>/<str:label>/end/", changing.end, name="end"),
]
