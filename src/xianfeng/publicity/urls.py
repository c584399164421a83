"""Addresses of the public site, from the root."""

from django.urls import path

from xianfeng.publicity.views import front, notices, stories, surveys, titles

app_name = "publicity"

urlpatterns = [
    path("", front.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("notices/feed/", front.feed, name="feed"),
    path("notices/<str:public_id>/", notices.notice, name="notice"),
    path("notices/<str:public_id>/objections/new/", notices.objection_new, name="objection_new"),
    path("objections/", notices.objections, name="objections"),
    path("objections/<str:receipt>/", notices.objection, name="objection"),
    path("register/", titles.register, name="register"),
    path("register/<str:public_id>/", titles.title, name="title"),
    path("verify/", titles.verify, name="verify"),
    path("verify/<str:code>/", titles.verdict, name="verdict"),
    path("stories/", stories.stories, name="stories"),
    path("stories/manage/", stories.manage, name="manage"),
    path("stories/manage/new/", stories.story_new, name="story_new"),
    path("stories/manage/<str:public_id>/", stories.story_edit, name="story_edit"),
    path("stories/<str:public_id>/", stories.story, name="story"),
    path("bulletins/", front.bulletins, name="bulletins"),
    path("bulletins/<str:public_id>/", front.bulletin, name="bulletin"),
    path("standards/", front.standard, name="standards"),
    path("surveys/<str:public_id>/", surveys.survey, name="survey"),
    path("surveys/<str:public_id>/thanks/", surveys.thanks, name="survey_thanks"),
    path("robots.txt", front.robots, name="robots"),
]
