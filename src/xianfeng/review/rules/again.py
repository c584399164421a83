"""A decision packet looked through: everything it states is derived anew from its inputs and compared."""

import json
from collections.abc import Iterator

from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.kernel.errors import UserError
from xianfeng.nominations.answering import restored
from xianfeng.programmes import rules as programme
from xianfeng.programmes.rules.answers import points_of
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules import packet as rules
from xianfeng.review.rules.decisive import decisive
from xianfeng.review.rules.official import Json, definition_of, judged, lacking, sheet_scores, standard_of

FIELDS = {
    "case": "申报", "rank": "名次", "score": "总分", "standing": "结果", "inside": "是否入围", "grade": "等次",
    "parts": "部分得分", "sources": "各来源得分", "sheets": "评分表合计", "basis": "并列比较依据", "note": "说明",
    "trace": "计算过程",
}  # fmt: skip


def first_difference(packet: Json) -> str:
    """Re-derive all a packet states; a Chinese sentence on the first thing that differs, empty when nothing does.

    Places are looked at before whole hashes, so that a changed mark is named and not merely noticed.
    """
    if packet.get("format") != rules.PACKET or packet.get("inputs", {}).get("format") != rules.INPUTS:
        return "不是本系统的评审决策包，或者版本不同。"
    return next(_differences(packet), "")


def _differences(packet: Json) -> Iterator[str]:
    inputs, ranking = packet["inputs"], packet["ranking"]
    yield from _definitions(inputs)
    yield from _sheets(inputs)
    yield from _rows(inputs, ranking)
    yield from _advice(inputs, ranking, packet["advice"])
    if sha256_hex(canonical_bytes(inputs)) != packet["inputs_sha256"]:
        yield "评审输入与冻结时的摘要不符：除评分以外的内容（如单位、分派或回避记录）有改动。"
    yield from _office(inputs, packet.get("office_only", {}))
    rest = {name: value for name, value in packet.items() if name != "sha256"}
    if rules.sealed(rest) != packet:
        yield "决策包与下载时的摘要不符：评分和排名以外的内容有改动。"


def _definitions(inputs: Json) -> Iterator[str]:
    for name in inputs["definitions"]:
        if sha256_hex(canonical_bytes(inputs["definitions"][name])) != name:
            yield f"创建活动定义与指纹 {name[:16]} 不符。"
    panel, written = inputs["panel"], inputs["places"]
    if written is None:
        return
    stated = {one.get("group", ""): one["quota"] for one in (written if isinstance(written, list) else [written])}
    pools = definition_of(inputs).pools(panel["tier"], panel["year"])
    asked = {one.group: one.quota for one in pools if one.category == panel["category"]}
    if stated.keys() != asked.keys():
        yield "名额：文件中的分配与创建活动定义不符。"
    for group in asked.keys() & stated.keys():
        if stated[group] != asked[group]:
            yield f"名额：创建活动定义中为 {asked[group]} 个，文件中为 {stated[group]} 个。"


def _sheets(inputs: Json) -> Iterator[str]:
    for case in inputs["cases"]:
        cap = definition_of(inputs, case["definition"]).scoring.bonus_cap
        for sheet in case["sheets"]:
            where = f"“{case['name']}”{sheet['key']}的评分表"
            try:
                added = programme.totals(standard_of(inputs, case), sheet_scores(sheet), bonus_cap=cap)
            except UserError as error:
                yield f"{where}：{error}"
                continue
            if show(added.total) != sheet["total"]:
                yield f"{where}：各项合计为 {show(added.total)} 分，文件中写的是 {sheet['total']} 分。"
            yield from _answers(inputs, case, sheet, where)
            if rules.sheet_hash(sheet) != sheet["hash"]:
                yield f"{where}：内容与签名时的摘要不符。"


def _answers(inputs: Json, case: Json, sheet: Json, where: str) -> Iterator[str]:
    """Points that were worked out from what was entered come out again."""
    for code, kept in sheet.get("answers", {}).items():
        indicator, stated = standard_of(inputs, case).indicator(code), sheet["marks"][code][0]
        answer = restored(kept)
        points = None if answer is None else show(points_of(indicator, answer))
        if points != stated:
            yield f"{where}：“{indicator.title}”所填内容得 {points} 分，文件中写的是 {stated} 分。"


def _rows(inputs: Json, ranking: Json) -> Iterator[str]:
    for case in inputs["cases"]:
        try:
            judged(inputs, case)
        except UserError as error:
            yield f"“{case['name']}”：{error}"
            return
    if missing := lacking(inputs):
        yield f"缺少计入总分的得分：{'、'.join(case['name'] for cases in missing.values() for case in cases)}。"
    made, stated = rules.ranked(inputs, ranking.get("lots")), ranking["rows"]
    names = {case["id"]: case["name"] for case in inputs["cases"]}
    if len(made) != len(stated):
        yield f"重算得到 {len(made)} 个名次，文件中有 {len(stated)} 个。"
    for number, (one, other) in enumerate(zip(made, stated, strict=False), start=1):
        for key, title in FIELDS.items():
            if canonical_bytes(one[key]) != canonical_bytes(other.get(key)):
                name = names.get(one["case"], one["case"])
                yield f"第 {number} 行“{name}”的{title}：重算为 {_short(one[key])}，文件中为 {_short(other.get(key))}。"
    if rules.sentences(inputs, made) != ranking["sentences"]:
        yield "名额和候选的说明与重算不符。"
    if rules.digest(made) != ranking["result"]:
        yield "排名的摘要与冻结时不符。"


def _advice(inputs: Json, ranking: Json, advice: Json) -> Iterator[str]:
    if decisive(inputs, ranking.get("lots")) != advice.get("decisive"):
        yield "“什么会改变结果”与重算不符。"


def _office(inputs: Json, office: Json) -> Iterator[str]:
    promised = {one["reason"] for case in inputs["cases"] for one in case["recusals"]}
    promised |= {one["reason"] for one in inputs["earlier"]}
    for item in office.get("reasons", []):
        made = rules.commitment(item["salt"], item["reason"])
        if made != item["commitment"] or made not in promised:
            yield f"{item['subject']} 的回避或重新汇总事由与冻结时的承诺值不符。"
    kept = {one["id"]: one for one in inputs["draws"]}
    for draw in office.get("draws", []):
        for name in ("inputs", "pairs"):
            if sha256_hex(canonical_bytes(draw[name])) != kept[draw["id"]][f"{name}_sha256"]:
                yield f"抽取 {draw['id']} 的记录与冻结时的摘要不符。"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 60 else f"{text[:57]}…"
