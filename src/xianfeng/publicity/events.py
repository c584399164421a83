"""Journal event kinds of what is put on show."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``publicity``; a story's title may name a person and stays out of the leaf."""

    STORY_SAVED = "publicity:story:saved", "保存典型事迹（{number}）"
    STORY_PUBLISHED = "publicity:story:published", "发布典型事迹（{number}）"
    STORY_WITHDRAWN = "publicity:story:withdrawn", "撤下典型事迹（{number}）"
