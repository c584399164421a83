"""Evidence for the story: small real Word files and pictures, made here, marked 示例."""

import struct
import zlib
from datetime import date
from math import sin

from xianfeng.kernel.documents import Letter

WIDTH, HEIGHT = 480, 300


def report(title: str, unit: str, day: date) -> bytes:
    """A one-page Word report."""
    letter = Letter()
    letter.title(title)
    letter.body(
        f"{unit}围绕“安全第一、质量至上、监督高效”开展创建，对照标准逐项推进，形成本材料。",
        "本材料为演示数据，所述单位和事项均为示例。",
    )
    letter.signature(unit, day)
    return letter.to_bytes()


def picture(seed: int) -> bytes:
    """A PNG of quiet water: a stand-in for a photograph taken on site."""
    rows = b"".join(b"\0" + _row(y, seed) for y in range(HEIGHT))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _row(y: int, seed: int) -> bytes:
    shore = 0.42 + 0.05 * sin(seed)
    line = bytearray()
    for x in range(WIDTH):
        if y < HEIGHT * shore + 9 * sin(x / 70 + seed):
            light = 236 - y // 4
            line += bytes((light - 6, light, light))
        else:
            wave = int(9 * sin(x / 17 + y / 5 + seed) + 6 * sin(y / 3 - x / 41))
            line += bytes((38 + wave, 104 + wave + y // 12, 114 + wave + y // 10))
    return bytes(line)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
