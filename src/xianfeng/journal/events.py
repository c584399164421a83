"""What happens to the journal itself."""

from xianfeng.journal.kinds import EventKind, register


@register
class Event(EventKind):
    """Erasing personal data: the one change the record allows, itself recorded."""

    ERASED = "journal:personal:erased", "依法删除 {count} 项个人信息，依据：{ground}"
