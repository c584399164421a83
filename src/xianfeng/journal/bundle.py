"""A journal in files: written from the database, checked without it. A folder or one .zip.

``entries.jsonl`` holds the leaves themselves, a line each, byte for byte; ``checkpoints/`` the signed notes;
``manifest.json`` what the writer says of it; ``personal.jsonl`` only when asked for.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Protocol

from xianfeng.journal import checkpoints, rules, signing
from xianfeng.journal.checking import Checker, Fault, Mark, Personal, Verification, erased_by
from xianfeng.journal.events import Event
from xianfeng.journal.merkle import Edge, leaf_hash
from xianfeng.journal.models import Entry, PersonalDetail
from xianfeng.journal.notes import NoteError, VerifierKey
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid

FORMAT = "xianfeng-journal-bundle/1"
ENTRIES, MANIFEST, PERSONAL, README = "entries.jsonl", "manifest.json", "personal.jsonl", "README.txt"
LONGEST_LINE = 4_000_000
ABOUT = """操作留痕文件包（{format}）

entries.jsonl     每行一条，即条目原文（RFC 8785）；条目摘要 = SHA-256(0x00 ‖ 该行)
checkpoints/      签名检查点（C2SP signed note）：日志名、条目数、树根摘要（RFC 6962）
manifest.json     日志名、条目数、树根、公钥
personal.jsonl    个人信息及其盐（仅在导出时要求才有）

核验：xianfeng journal verify --bundle 本文件包 --key 公钥 --checkpoint 您早先收到的检查点
公钥和检查点应来自别处：本文件包自带的公钥只能说明前后一致。
"""


# -- writing ----------------------------------------------------------------------------------------------------------


class Writer(Protocol):
    """Where a bundle goes."""

    def open(self, name: str) -> Any:
        """A context manager giving a binary stream for one file."""


class _FolderWriter:
    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            yield stream


class _ZipWriter:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with self.archive.open(name, "w", force_zip64=name.endswith(".jsonl")) as stream:
            yield stream


@contextmanager
def _writer(target: Path) -> Iterator[Writer]:
    if target.suffix == ".zip":
        if target.exists():
            raise Invalid(f"文件 {target} 已存在。", "请换一个文件名。")
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            yield _ZipWriter(archive)
    else:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise Invalid(f"{target} 已存在且不是空文件夹。", "请换一个文件夹，或写成以 .zip 结尾的文件名。")
        yield _FolderWriter(target)


def write(target: Path, *, personal: bool = False) -> dict[str, Any]:
    """Write the whole log up to a checkpoint made now; returns the manifest. Constant memory."""
    newest = checkpoints.make(clock.real_now())
    size = newest.size if newest else 0
    edge, head = Edge(), rules.GENESIS
    with _writer(target) as out:
        leaves = Entry.objects.filter(seq__lte=size).order_by("seq").values_list("leaf", "leaf_hash", "chain_hash")
        with out.open(ENTRIES) as stream:
            for leaf, digest, head in leaves.iterator(chunk_size=2000):  # noqa: B007  (the last head is kept)
                stream.write(leaf.encode() + b"\n")
                edge.append(bytes.fromhex(digest))
        if personal:
            _write_personal(out, size)
        for row in checkpoints.all_checkpoints().filter(size__lte=size):
            with out.open(f"checkpoints/{row.size:012}-{row.key_id}.txt") as stream:
                stream.write(str(checkpoints.note_of(row)).encode())
        manifest = {
            "format": FORMAT, "origin": signing.origin(), "entries": edge.size, "root": edge.root().hex(),
            "head": head, "made_at": rules.stamp(clock.real_now()), "personal": personal,
            "keys": [str(key) for key in signing.verifier_keys()],
        }  # fmt: skip
        with out.open(MANIFEST) as stream:
            stream.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        with out.open(README) as stream:
            stream.write(ABOUT.format(format=FORMAT).encode())
    return manifest


def _write_personal(out: Writer, size: int) -> None:
    columns = ("entry_seq", "key", "salt", "value")
    rows = PersonalDetail.objects.filter(entry_seq__lte=size).order_by("entry_seq", "key").values_list(*columns)
    with out.open(PERSONAL) as stream:
        for row in rows.iterator(chunk_size=2000):
            stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


# -- reading ----------------------------------------------------------------------------------------------------------


class Source:
    """A bundle to read: a folder or a zip."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise Invalid(f"找不到文件包 {path}。")
        try:
            self.archive = zipfile.ZipFile(path) if path.is_file() else None
        except zipfile.BadZipFile as error:
            raise Invalid(f"{path} 不是文件包。", "文件包是导出的文件夹或 .zip 文件。") from error
        self.path = path

    def names(self) -> list[str]:
        """All files' names."""
        if self.archive is not None:
            return self.archive.namelist()
        return [one.relative_to(self.path).as_posix() for one in self.path.rglob("*") if one.is_file()]

    def text(self, name: str) -> str:
        """One short file."""
        with self._open(name) as stream:
            return stream.read(LONGEST_LINE).decode()

    def lines(self, name: str) -> Iterator[str]:
        """One long file by lines, without their ends."""
        with self._open(name) as stream:
            while line := stream.readline(LONGEST_LINE):
                yield line.decode(errors="surrogateescape").removesuffix("\n")

    def _open(self, name: str) -> IO[bytes]:
        try:
            if self.archive is not None:
                return self.archive.open(name)
            return (self.path / name).open("rb")
        except (KeyError, FileNotFoundError) as error:
            raise Invalid(f"文件包中没有 {name}。", "文件包不完整，请重新导出。") from error


def check(path: Path, keys: Sequence[VerifierKey] = (), against: Iterable[Mark] = ()) -> Verification:
    """Check a bundle from its leaves up. Without ``keys`` the bundle's own are used, which only shows that it agrees
    with itself; ``against`` is what others hold."""
    source = Source(path)
    try:
        manifest = json.loads(source.text(MANIFEST))
        trusted = list(keys) or [VerifierKey.parse(one) for one in manifest["keys"]]
        said = (manifest["entries"], manifest["root"], manifest["head"])
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("文件包的 manifest.json 无法读取。", "请重新导出。") from error
    names = source.names()
    marks = list(against)
    for name in sorted(one for one in names if one.startswith("checkpoints/")):
        try:
            marks.append(checkpoints.mark_of(source.text(name), [*trusted, *checkpoints.cosigners()]))
        except (NoteError, ValueError) as error:
            return Verification(False, 0, rules.GENESIS, reason=f"文件包中的检查点 {name} 的签名不符：{error}")
    result = _walk(source, marks, PERSONAL in names)
    if result.ok and (result.entries, result.root, result.head) != said:
        reason = f"manifest.json 所记的条目数或摘要与条目不符（应有 {said[0]} 条，现有 {result.entries} 条）"
        return replace(result, ok=False, bad_seq=result.entries + 1, reason=reason)
    return result


def _walk(source: Source, marks: list[Mark], personal: bool) -> Verification:
    checker = Checker(marks, _erased(source) if personal else None)
    kept = _Personal(source.lines(PERSONAL)) if personal else None
    try:
        for leaf in source.lines(ENTRIES):
            seq = checker.edge.size + 1
            parsed = checker.read(leaf, seq)
            if kept is not None:
                checker.check_personal(seq, parsed.get("personal"), kept.of(seq))
            checker.grow(leaf_hash(leaf.encode()))
            checker.compare()
        checker.finish()
    except UnicodeEncodeError:  # bytes that are no text, carried so far by surrogateescape
        return checker.result(Fault(checker.edge.size + 1, "条目内容无法解析，内容被改动"))
    except Fault as fault:
        return checker.result(fault)
    return checker.result()


def _erased(source: Source) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    mark = f'"event":"{Event.ERASED.value}"'
    for line in source.lines(ENTRIES):
        if mark in line:
            try:
                named = dict(erased_by(rules.parse(line)))
            except (ValueError, KeyError, TypeError):
                continue  # a damaged one is named when its turn comes
            for seq, keys in named.items():
                found[seq] = found.get(seq, frozenset()) | keys
    return found


class _Personal:
    """Personal values in order of entries, read along with them."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.next = self._read()

    def _read(self) -> tuple[int, str, str, str] | None:
        line = next(self.lines, None)
        if line is None:
            return None
        try:
            seq, key, salt, value = json.loads(line)
        except ValueError as error:
            raise Invalid("文件包的 personal.jsonl 无法读取。") from error
        return int(seq), str(key), str(salt), str(value)

    def of(self, seq: int) -> Personal:
        """The values of one entry; entries must be asked for in order."""
        found: dict[str, tuple[str, str]] = {}
        while self.next is not None and self.next[0] <= seq:
            if self.next[0] < seq:
                raise Fault(seq, "个人信息不在条目承诺之内，或次序被改动")
            found[self.next[1]] = (self.next[2], self.next[3])
            self.next = self._read()
        return found
