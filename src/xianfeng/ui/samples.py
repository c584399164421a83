"""Sample data of the living style page; invented, marked 示例."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from xianfeng.kernel import clock
from xianfeng.ui import chips, edge, parts
from xianfeng.ui.forms import DateInput, PointsInput, TextArea

chips.register(
    "sample",
    {
        "draft": ("草稿", "grey"),
        "open": ("办理中", "blue"),
        "waiting": ("待补正", "amber"),
        "passed": ("通过", "green"),
        "refused": ("不予受理", "red"),
        "named": ("已命名", "brass"),
        "ended": ("已办结", "ink"),
    },
)


class SampleForm(forms.Form):
    """One of each kind of field."""

    outcome = forms.ChoiceField(
        label="初审意见",
        choices=[("pass", "通过"), ("return", "退回补正"), ("refuse", "不予受理")],
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(label="类别", choices=[("a", "示范党组织"), ("b", "示范服务点"), ("c", "党员示范岗")])
    points = forms.DecimalField(
        label="核定得分",
        max_value=Decimal(50),
        min_value=Decimal(0),
        help_text="满分 50 分，可保留一位小数。",
        widget=PointsInput(),
    )
    meeting = forms.DateField(label="会议日期", widget=DateInput(), required=False)
    opinion = forms.CharField(label="意见", help_text="写明依据和下一步，将原样显示在意见栏。", widget=TextArea())
    file = forms.FileField(label="会议纪要", required=False)
    agree = forms.BooleanField(label="已核对全部否决项与佐证材料", required=False)


def everything() -> dict[str, Any]:
    """Context of the style pages."""
    now = clock.now()
    day = timedelta(days=1)
    return {
        "states": ["draft", "open", "waiting", "passed", "refused", "named", "ended"],
        "dues": [now + 12 * day, now + 2 * day, now + timedelta(minutes=9), now - 3 * day],
        "midnight": clock.instant(clock.today() + 5 * day),
        "stages": [
            parts.Stage("自主创建", "done", "3月1日–6月30日"),
            parts.Stage("指导推进", "done", "4月10日–8月31日"),
            parts.Stage("自荐验收", "current", "9月1日–10月15日"),
            parts.Stage("评定推广", "todo", "10月16日起"),
            parts.Stage("复评确认", "todo", "次年"),
        ],
        "tasks": [
            parts.Task("认定自荐", "#", "示例一区监督站党支部", "2021年度 · 示范党组织", now - day),
            parts.Task("补正材料", "#", "示例报监窗口", "初审要求补充工地文明证书", now + 2 * day, "待补正", "amber"),
            parts.Task(
                "评分", "#", "示例水利建设公司项目党支部", "3 份评分表，已完成 1 份", now + 9 * day, "办理中", "blue"
            ),
        ],
        "answers": [
            parts.Answer("创建对象", "示例一区监督站党支部", "#"),
            parts.Answer("类别与层级", "示范党组织 · 治水管海（水务工程建设）先锋", "#"),
            parts.Answer("自评得分", "92.5 / 100", "#"),
            parts.Answer(
                "主要事迹", "围绕重点工程开展联建，组织示范工地观摩三次。\n全年受监项目安全质量平稳受控。", "#"
            ),
        ],
        "opinions": [
            parts.Opinion(
                "创建单位", "经支部大会讨论，同意自荐。", "同意", "green", "陈示例", "党支部书记", now - 20 * day
            ),
            parts.Opinion(
                "上级党组织",
                "材料属实，排名第一，同意推荐。",
                "同意推荐",
                "green",
                "李示例",
                "党委书记",
                now - 12 * day,
            ),
            parts.Opinion("领导小组\n办公室", waiting="等待初审，期限 11月25日。"),
        ],
        "happenings": [
            parts.Happening(
                "退回补正", now - day, "推进组 周示例", "缺少 2020 年度考核证明，五个工作日内补正。", "#", "amber"
            ),
            parts.Happening("上级党组织认定同意", now - 12 * day, "李示例", "", "#", "green"),
            parts.Happening("提交自荐", now - 20 * day, "陈示例", "", "#", "blue"),
        ],
        "gates": [
            parts.GateLine("所在单位为区局级及以上文明单位", "pass", "示例区文明单位（诚信台账 2020年3月1日）"),
            parts.GateLine(
                "领导班子上年度考核称职（合格）及以上", "unknown", "台账中没有上年度考核记录", proof_url="#"
            ),
            parts.GateLine("受监项目未发生较大及以上责任事故", "fail", "2021年5月8日 示例泵闸工程较大事故", "一票否决"),
        ],
        "tiles": [
            parts.Tile("2021年示范工地观摩签到表.pdf", "#", "PDF", "", "2021年5月12日", "服务平台 2.1", "1.2 MB"),
            parts.Tile("联建协议（盖章）.jpg", "#", "图片", "", "2021年3月2日", "用于 2 处", "860 KB"),
            parts.Tile("培训台账.xlsx", "#", "表格", "", "2021年4月", "推动发展 3.2", "48 KB"),
        ],
        "rows": edge.Page(
            [
                (
                    "示例一区监督站党支部",
                    "示例一区水务工程监督站",
                    "open",
                    Decimal("92.5"),
                    Decimal("90"),
                    Decimal("94"),
                ),
                (
                    "示例堤防公司第二项目部党支部",
                    "示例堤防建设有限公司",
                    "waiting",
                    Decimal("87.25"),
                    Decimal("82"),
                    Decimal("91"),
                ),
                ("示例水闸所党总支", "示例水闸管理所", "refused", Decimal("56"), Decimal("48"), Decimal("63")),
            ],
            number=2,
            total=128,
            per_page=50,
        ),
        "chart": {
            "xAxis": {"type": "category", "data": ["示范党组织", "示范服务点", "党员示范岗"]},
            "yAxis": {"type": "value"},
            "legend": {"top": 0, "right": 0},
            "tooltip": {"trigger": "axis"},
            "series": [
                {"name": "申报", "type": "bar", "data": [14, 22, 31]},
                {"name": "命名", "type": "bar", "data": [5, 5, 5]},
            ],
        },
        "chart_head": ["类别", "申报", "命名"],
        "chart_rows": [["示范党组织", 14, 5], ["示范服务点", 22, 5], ["党员示范岗", 31, 5]],
        "ten_minutes_ago": now - timedelta(minutes=10),
        "form": SampleForm(),
    }
