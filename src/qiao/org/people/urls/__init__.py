"""Addresses of what belongs to the person who is signed in."""

from __future__ import annotations

from django.urls import path

from qiao.org.people.views import checks, choosing, data, messages, requests, stopping

app_name = "people"
urlpatterns = [
    path("data/", data.data, name="data"),
    path("data/about/", data.about, name="about"),
    path("data/correct/", requests.correct, name="correct"),
    path("data/<str:kind>/", data.contact, name="contact"),
    path("data/<str:kind>/code/", data.code, name="code"),
    path("looks/", data.looks, name="looks"),
    path("download/", data.download, name="download"),
    path("consents/", choosing.consents, name="consents"),
    path("consents/<str:kind>/", choosing.switch, name="switch"),
    path("channels/", choosing.channels, name="channels"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/<int:number>/", messages.message, name="message"),
    path("erasure/", requests.erasure, name="erasure"),
    path("requests/<str:code>/", requests.request_page, name="request"),
    path("requests/<str:code>/object/", requests.object_to, name="object"),
    path("requests/<str:code>/withdraw/", requests.withdraw, name="withdraw"),
    path("number/<str:code>/", stopping.number, name="number"),
    path("stop/<str:secret>/", stopping.stop, name="stop"),
    path("check/<str:secret>/", checks.check, name="check"),
]
