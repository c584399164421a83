"""The definition language as pydantic models."""

from xianfeng.programmes.rules.schema.definition import Definition

__all__ = ["Definition"]
