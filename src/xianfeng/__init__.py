"""Xianfeng: runs a recognition programme (创建示范活动) from plan to reassessment."""

__version__ = "0.1.0"
