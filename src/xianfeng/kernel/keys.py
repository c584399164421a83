"""Signing keys on disk: Ed25519, one file a key, encrypted under a secret that need not lie beside it."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xianfeng.kernel.errors import UserError


class KeyUnreadable(UserError):
    """The key's file is missing, or the secret is not the one it was written under."""


def make(folder: Path, name: str, secret: str) -> bytes:
    """Make a key and keep it in ``folder/name.pem``, unless there is one already; returns the public key, 32 bytes.

    Of two processes that start together one wins and both read the same complete file.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.pem"
    if not path.exists():
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(_sealed(Ed25519PrivateKey.generate(), name, secret))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return public_of(load(folder, name, secret))


def load(folder: Path, name: str, secret: str) -> Ed25519PrivateKey:
    """Read a key; opened once a process, for unsealing costs some milliseconds."""
    path = folder / f"{name}.pem"
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise KeyUnreadable(f"签名密钥 {name} 不在 {folder} 中。", "请从备份恢复密钥文件，或更换密钥。") from error
    return _opened(path, stamp, name, secret)


def exists(folder: Path, name: str) -> bool:
    """Whether the key's file is there."""
    return (folder / f"{name}.pem").exists()


def public_of(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a key's public half."""
    return key.public_key().public_bytes_raw()


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature holds; False also for keys and signatures that are none."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=16)
def _opened(path: Path, stamp: int, name: str, secret: str) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), _password(name, secret))
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(f"签名密钥 {name} 打不开。", "请核对 XIANFENG_KEY_SECRET 与生成密钥时是否相同。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(f"签名密钥 {name} 不是 Ed25519 密钥。", "请从备份恢复密钥文件。")
    return key


def _sealed(key: Ed25519PrivateKey, name: str, secret: str) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_password(name, secret)),
    )


def _password(name: str, secret: str) -> bytes:
    """A password of the key's own, so that one file's tells nothing of another's."""
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=f"xianfeng key {name}".encode())
    return derived.derive(secret.encode()).hex().encode()
