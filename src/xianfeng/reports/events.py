"""Journal event kinds of the boards: the only thing done from one is reminding somebody."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``report``."""

    URGED = "report:round:urged", "催办{addressee}：{kind_label} {count} 件"
