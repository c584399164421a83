"""What a panel is bound by, in words: what its definition says, for its page and its packet."""

from xianfeng.programmes.rules.schema.scoring import Panel as PanelRules
from xianfeng.programmes.rules.words import value_word

Stated = list[tuple[str, str]]


def stated(rules: PanelRules) -> Stated:
    """Name and value of each rule of the definition on panels."""
    recusal, rounds = rules.recusal, rules.recusal.rotation_rounds
    kept = [
        word
        for holds, word in (
            (recusal.same_unit, "同单位"), (recusal.same_party_line, "上级党组织链及隶属关系"),
            (recusal.declared, "本人申报"), (recusal.named_in_file, "材料中写到姓名"),
        )
        if holds
    ]  # fmt: skip
    years = recusal.former_employer_years if recusal.same_unit else 0
    span = "上一批次" if rounds == 1 else f"最近 {rounds} 个批次"
    return [
        ("最少有效评分表", f"{rules.least_sheets} 份"),
        ("盲审", "是" if rules.blind else "否"),
        ("回避", "、".join(kept) or "不按规则回避"),
        ("曾任职单位", f"离开不满 {years} 年仍须回避" if years else "离开后不再回避"),
        ("轮换", f"{span}评过同一对象的{value_word('rotation', recusal.rotation)}" if rounds else "不考虑"),
        ("第二评审组", value_word("second_panel", rules.second_panel)),
    ]
