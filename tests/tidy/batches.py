# SPDX-License-Identifier: Apache-2.0
"""Sources are compiled in batches (CMAKE_UNITY_BUILD): private names of one are seen by the next.

Two that clash do not compile, but two functions of one name and other parameters do, and then a call may
mean the neighbour's. So no two sources of a batch have a private function or type of the same name.
"""

import posixpath
import re

# CMake's own, CMAKE_UNITY_BUILD_BATCH_SIZE.
BATCH = 8

TARGET = re.compile(r"\b(?:kstati_library|add_library|add_executable)\(([^)]*?)(?:\bDEPENDS\b[^)]*)?\)")
PROPERTIES = re.compile(r"\bset_source_files_properties\(([^)]*?)PROPERTIES\b")
FUNCTION = re.compile(r"^[\w:][\w:<>,&*\s\[\]]*[\s&*>](\w+)\(")
TYPE = re.compile(r"^(?:class|struct|enum class|enum) (\w+)")


def private_names(text):
    """The functions and types at the top of unnamed namespaces."""
    names, inside = set(), False
    for line in text.split("\n"):
        if line == "namespace {":
            inside = True
        elif line == "}  // namespace":
            inside = False
        elif inside and (match := TYPE.match(line) or FUNCTION.match(line)):
            names.add(match.group(1))
    return names


def batches(build_list):
    """The sources that one CMakeLists.txt compiles together, as it names them."""
    text = re.sub(r"#[^\n]*", "", build_list)
    alone = {word for match in PROPERTIES.finditer(text) for word in match.group(1).split()}
    for match in TARGET.finditer(text):
        sources = [word for word in match.group(1).split() if word.endswith(".cc") and word not in alone]
        for first in range(0, len(sources), BATCH):
            yield sources[first:first + BATCH]


def clashes(folder, build_list, files):
    """(path, the other's path, name) of private names that two sources of a batch share."""
    for batch in batches(build_list):
        owner = {}
        for source in batch:
            path = posixpath.normpath(posixpath.join(folder, source))
            for name in sorted(private_names(files.get(path, ""))):
                if name in owner:
                    yield path, owner[name], name
                owner.setdefault(name, path)
