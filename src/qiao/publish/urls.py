"""Addresses of the news."""

from __future__ import annotations

from django.urls import path

from qiao.publish import views

app_name = "publish"
urlpatterns = [
    path("", views.news, name="news"),
    path("feed/", views.feed, name="feed"),
    path("desk/", views.workshop, name="workshop"),
    path("write/", views.write, name="write"),
    path("<int:article_id>/", views.article, name="article"),
    path("<int:article_id>/edit/", views.edit, name="edit"),
    path("<int:article_id>/submit/", views.submit, name="submit"),
    path("<int:article_id>/release/", views.release, name="release"),
    path("<int:article_id>/return/", views.give_back, name="return"),
    path("<int:article_id>/correct/", views.correct, name="correct"),
    path("<int:article_id>/correct/release/", views.release_correction, name="release_correction"),
]
