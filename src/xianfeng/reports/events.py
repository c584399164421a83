"""Journal event kinds of the boards: reminding somebody, and the audit administrator's check of the record."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``report``."""

    URGED = "report:round:urged", "催办{addressee}：{kind_label} {count} 件"
    RECORD_CHECKED = "report:journal:checked", "核验留痕 {entries} 条：{verdict}"
