"""The review of applications at a unit, rulings on standing."""

from __future__ import annotations

from django.urls import path

from qiao.org.joining.views import officers, rulings

app_name = "applications"
_UNIT = "<str:label>/joining/"
urlpatterns = [
    path(_UNIT, officers.applications, name="list"),
    path(f"{_UNIT}approve/", officers.approve_several, name="approve"),
    path(f"{_UNIT}assist/", officers.assist, name="assist"),
    path(f"{_UNIT}poster/", officers.poster, name="poster"),
    path(f"{_UNIT}rulings/<str:code>/", rulings.ruling, name="ruling"),
    path(f"{_UNIT}rule/<int:number>/", rulings.propose, name="propose"),
    path(f"{_UNIT}<str:code>/", officers.application, name="one"),
    path(f"{_UNIT}<str:code>/decide/", officers.decide, name="decide"),
]
