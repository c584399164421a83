"""Journal event kinds of stored files: that a content exists is provable by its hash."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``file``."""

    STORED = "file:file:stored", "上传文件（{kind}，{size_words}）"
