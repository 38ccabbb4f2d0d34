"""Keys of what a check finds: the same pictures, with the same thing to say of them, have the same key."""

import hashlib
from collections.abc import Iterable

from cnngui.core.checks.findings import Finding


def key_of(what: str, contents: Iterable[bytes]) -> str:
    """32 hexadecimal digits. what: is said of the pictures. contents: the digests of their files, in any order."""
    digest = hashlib.blake2b(what.encode("utf-8", "surrogateescape"), digest_size=16)
    for content in sorted(contents):
        digest.update(b"\0" + content)
    return digest.hexdigest()


def key_of_finding(finding: Finding, contents: Iterable[bytes]) -> str:
    """The key of a finding of the audit. contents: of its pictures."""
    return key_of(f"{finding.kind} {finding.sentence}", contents)
