"""Pydantic's complaints as Chinese sentences with the path and line of the document."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xianfeng.programmes.rules.problems import Path, Problem
from xianfeng.programmes.rules.text import Document

SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的键，请检查拼写",
    "string_type": "应为文字；像数字的文字请加引号",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "tuple_type": "应为列表（每项以“- ”开头）",
    "dict_type": "应为键值对",
    "model_type": "应为键值对",
    "model_attributes_type": "应为键值对",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_max_places": "最多保留 {decimal_places} 位小数",
    "decimal_max_digits": "数字过长",
    "decimal_whole_digits": "数字过长",
    "finite_number": "应为有限的数字",
    "date_type": "应为日期，例如 2019-03-01",
    "date_parsing": "应为日期，例如 2019-03-01",
    "date_from_datetime_parsing": "应为日期，例如 2019-03-01",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "应小于 {lt}",
    "literal_error": "只能是 {expected}",
    "string_too_short": "不能为空",
    "string_too_long": "文字过长，最多 {max_length} 字",
    "string_pattern_mismatch": "写法不合要求（{pattern}）",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "union_tag_invalid": "kind“{tag}”不认识，只能是 {expected_tags}",
    "union_tag_not_found": "要写明 kind",
    "value_error": "{error}",
}


def problems_of(error: ValidationError, document: Document) -> list[Problem]:
    """Every complaint, in document order."""
    details = error.errors(include_url=False)
    found = [_problem(detail, document) for detail in details if not _echo(detail)]
    return sorted(found, key=lambda problem: problem.line or 0)


def _echo(detail: ErrorDetails) -> bool:
    """Pydantic calls a list too short when its items are wrong: the items' own complaints say it better."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and isinstance(given, (list, tuple))
        and len(given) >= detail.get("ctx", {}).get("min_length", 0)
    )


def _problem(detail: ErrorDetails, document: Document) -> Problem:
    path = _path_in(document.value, detail["loc"], adding=detail["type"] == "missing")
    template = SENTENCES.get(detail["type"], "写法不对：" + detail["msg"])
    try:
        message = template.format_map(detail.get("ctx", {}))
    except (KeyError, ValueError):
        message = detail["msg"]
    return Problem(message, path, document.line(path))


def _path_in(value: Any, location: tuple[int | str, ...], *, adding: bool) -> Path:
    """The complaint's place in the document: pydantic puts union tags between the keys, which no document has."""
    path: Path = ()
    for index, step in enumerate(location):
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif not (adding and index == len(location) - 1):
            continue
        path = (*path, step)
    return path
