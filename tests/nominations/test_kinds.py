"""Every kind of indicator is entered as one naturally would, and the language makes points of it."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.schemes import Play

from xianfeng.directory.models import User
from xianfeng.kernel import clock
from xianfeng.nominations.models import SelfScore
from xianfeng.programmes import rules

pytestmark = pytest.mark.django_db
INVENTED = Path(__file__).parents[1] / "programmes/rules/invented.yaml"


@pytest.fixture
def play():
    source = INVENTED.read_text(encoding="utf-8")
    made = Play(rules.load(source), source, 2024)
    with clock.frozen(made.now):
        yield made


def test_each_kind_has_its_own_input_and_the_points_follow(play):
    case = play.nominate(play.nominee(play.definition.categories[0]), "counter")
    browser = Client()
    browser.force_login(User.objects.get(pk=play.of(case.party).user_id))
    step = case.steps.get(state="open")
    page = reverse("nominations:assess", args=[step.public_id])
    save = reverse("nominations:autosave", args=[step.public_id])

    def saved(code: str, **given: str) -> SelfScore:
        fields = {f"score-{code}{'.' + name if name != 'value' else ''}": text for name, text in given.items()}
        assert browser.post(save, fields, headers={"HX-Request": "true"}).status_code == 200
        return SelfScore.objects.get(assessment__case=case, indicator=code)

    late = saved("late", late="2", lost="1")  # 40 − 2 × 3 − 15
    assert (late.points, late.answer) == (Decimal(19), {"late": 2, "lost": 1})
    assert saved("minutes", value="12.5").points == Decimal(20)  # from 10 minutes on
    assert saved("online", value="18").points == Decimal(18)  # 过半
    assert saved("sign", value="20").points == Decimal(20)  # 是
    shown = browser.get(page).content.decode()
    for words in ("实测值", "分钟", "自评档次", "是否符合", "迟办", "每次扣 15，最多扣 30", "得 19 分"):
        assert words in shown
    assert browser.post(save, {"score-late.late": "-1"}, headers={"HX-Request": "true"}).status_code == 422
    late.refresh_from_db()
    assert late.points == Decimal(19)
    emptied = saved("late", late="", lost="")
    assert (emptied.points, emptied.answer) == (None, None)


def test_votes_become_points_and_too_few_of_them_are_refused(play):
    case = play.nominate(play.nominee(play.definition.categories[0]), "counter")
    browser = Client()
    browser.force_login(User.objects.get(pk=play.of(case.party).user_id))
    save = reverse("nominations:autosave", args=[case.steps.get(state="open").public_id])
    vote = next(one for one in rules.standard_for(play.definition, "counter", "halls").indicators if one.kind == "vote")
    best = vote.choices[0]

    def post(number: int) -> int:
        answer = browser.post(save, {f"score-{vote.code}.{best.code}": str(number)}, headers={"HX-Request": "true"})
        return answer.status_code

    assert post(max(vote.least_votes, 1) - 1) == 422
    assert post(vote.least_votes + 5) == 200
    row = SelfScore.objects.get(assessment__case=case, indicator=vote.code)
    assert row.points == vote.points * best.share
