#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Roots and proofs of small trees by the recursive definitions of RFC 9162, 2.1, with hashlib alone.

usage: merkle_vectors.py > merkle_vectors.txt      entry number i is the text "entry i"
       merkle_vectors.py --check FILE              whether the file is what would be written
"""

import hashlib
import sys

SIZES = range(18)


def digest(content):
    return hashlib.sha256(content).digest()


def split(count):
    """The largest power of two below count."""
    return 1 << (count - 1).bit_length() - 1


def root(entries):
    if not entries:
        return digest(b"")
    if len(entries) == 1:
        return digest(b"\0" + entries[0])
    k = split(len(entries))
    return digest(b"\1" + root(entries[:k]) + root(entries[k:]))


def path(m, entries):
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return path(m, entries[:k]) + [root(entries[k:])]
    return path(m - k, entries[k:]) + [root(entries[:k])]


def subproof(m, entries, complete):
    if m == len(entries):
        return [] if complete else [root(entries)]
    k = split(len(entries))
    if m <= k:
        return subproof(m, entries[:k], complete) + [root(entries[k:])]
    return subproof(m - k, entries[k:], False) + [root(entries[:k])]


def lines():
    for size in SIZES:
        entries = [b"entry %d" % i for i in range(size)]
        yield "root", size, [root(entries)]
        for index in range(size):
            yield f"inclusion {index}", size, path(index, entries)
        for first in range(1, size + 1):
            yield f"consistency {first}", size, subproof(first, entries, True)


def written():
    return "".join(" ".join([what, str(size), *(one.hex() for one in hashes)]) + "\n" for what, size, hashes in lines())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        sys.exit(written() != open(sys.argv[2], encoding="ascii").read())
    sys.stdout.write(written())
