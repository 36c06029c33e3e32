"""Addresses of the register, all below a unit's own."""

from __future__ import annotations

from django.urls import path

from qiao.org.membership.views import exporting, groups, importing, register, twins

app_name = "membership"
_UNIT = "<str:label>/members/"
urlpatterns = [
    path(_UNIT, register.register, name="register"),
    path(f"{_UNIT}admit/", register.admit, name="admit"),
    path(f"{_UNIT}arrivals/", register.arrivals, name="arrivals"),
    path(f"{_UNIT}import/", importing.imports, name="imports"),
    path(f"{_UNIT}import/template.xlsx", importing.template, name="import_template"),
    path(f"{_UNIT}import/<str:code>/", importing.batch, name="batch"),
    path(f"{_UNIT}import/<str:code>/match/", importing.match, name="match"),
    path(f"{_UNIT}import/<str:code>/move/", importing.move, name="move_batch"),
    path(f"{_UNIT}twins/", twins.twins, name="twins"),
    path(f"{_UNIT}twins/<int:key>/", twins.twin, name="twin"),
    path(f"{_UNIT}held/", twins.held, name="held"),
    path(f"{_UNIT}export/", exporting.exports, name="exports"),
    path(f"{_UNIT}export/<str:code>/decide/", exporting.decide, name="decide_export"),
    path(f"{_UNIT}export/<str:code>.xlsx", exporting.take, name="take_export"),
    path(f"{_UNIT}ask/", groups.ask, name="ask"),
    path(f"{_UNIT}groups/", groups.groups, name="groups"),
    path(f"{_UNIT}groups/<int:key>/", groups.group, name="group"),
    path(f"{_UNIT}groups/<int:key>/change/", groups.change, name="change_group"),
    path(f"{_UNIT}<int:number>/", register.member, name="member"),
    path(f"{_UNIT}<int:number>/leave/", register.leave, name="leave"),
    path(f"{_UNIT}<int:number>/transfer/", register.transfer, name="transfer"),
    path(f"{_UNIT}<int:number>/stay/", register.stay, name="stay"),
]
