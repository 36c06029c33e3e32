"""Addresses of the service window."""

from __future__ import annotations

from django.urls import path

from qiao.hear.window.views import asking, connect, counter, following, inbox, keeping, officer, open311, public

app_name = "window"
urlpatterns = [
    path("", asking.window, name="window"),
    path("ask/", asking.ask, name="ask"),
    path("state/", following.state, name="state"),
    path("mine/<str:code>/", following.own_request, name="own_request"),
    path("answered/", public.answered, name="answered"),
    path("answered/<str:code>/", public.public, name="public"),
    path("counts/", public.counts, name="counts"),
    path("hall/<str:label>/", counter.hall, name="hall"),
    path("ticket/<str:key>/", counter.ticket, name="ticket"),
    path("appointments/<str:label>/", counter.slots, name="slots"),
    path("appointment/<str:code>/", counter.book, name="book"),
    path("appointment/<str:code>/booked/", counter.booked, name="booked"),
    path("open311/discovery.<str:ending>", open311.discovery, name="open311_discovery"),
    path("open311/v2/services.<str:ending>", open311.service_list, name="open311_services"),
    path("open311/v2/services/<str:code>.<str:ending>", open311.service, name="open311_service"),
    path("open311/v2/requests.<str:ending>", open311.requests, name="open311_requests"),
    path("open311/v2/requests/<str:code>.<str:ending>", open311.one_request, name="open311_request"),
    path("open311/v2/tokens/<str:token>.<str:ending>", open311.token, name="open311_token"),
    path("desk/", inbox.listed, name="inbox"),
    path("desk.xlsx", inbox.workbook, name="workbook"),
    path("desk/give/", inbox.bulk, name="bulk"),
    path("desk/new/", inbox.intake, name="intake"),
    path("desk/urgent/", officer.safety, name="safety"),
    path("desk/kept/", keeping.keeping, name="keeping"),
    path("desk/kept/<str:what>/<int:key>/end/", keeping.end, name="keeping_end"),
    path("desk/systems/", connect.systems, name="systems"),
    path("desk/systems/<int:key>/revoke/", connect.revoke, name="revoke"),
    path("desk/hooks/", connect.hooks, name="hooks"),
    path("desk/hooks/<int:key>/", connect.hook, name="hook"),
    path("desk/hooks/<int:key>/rotate/", connect.rotate, name="rotate"),
    path("desk/hooks/<int:key>/<str:what>/", connect.act, name="hook_act"),
    path("desk/counter/", counter.counters, name="counters"),
    path("desk/counter/<str:label>/", counter.counter, name="counter"),
    path("desk/counter/<str:label>/draw/", counter.draw, name="draw"),
    path("desk/counter/<str:label>/call/", counter.call, name="call"),
    path("desk/counter/<str:label>/numbers/<int:key>/", counter.finish, name="finish"),
    path("desk/counter/<str:label>/offer/", counter.offer, name="offer"),
    path("desk/counter/<str:label>/line/", counter.line, name="line"),
    path("desk/counter/<str:label>/slots/<str:code>/", counter.slot, name="slot"),
    path("desk/<str:code>/", officer.request_page, name="request"),
    path("desk/<str:code>/asker/", officer.asker, name="asker"),
    path("desk/<str:code>/do/<str:key>/", officer.act, name="act"),
    path("desk/<str:code>/files/<int:key>/", officer.attachment, name="attachment"),
    path("desk/<str:code>/files/<int:key>/redact/", officer.redact, name="redact"),
]
