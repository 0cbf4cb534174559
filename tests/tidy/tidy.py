#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the shape of the sources: walls between modules, sizes, banned words, build lists.

usage: tidy.py [ROOT]      prints every violation as file:line: message; exit code 1 when there is one

A table of data or a switch over many cases that would only get worse when cut is exempt from the limit of
lines by the marker "// tidy: table" in the line before it or in its first line.
"""

import re
import sys
from pathlib import Path

import batches

LINE_COLUMNS = 100
FILE_LINES = 600
FUNCTION_LINES = 70
TABLE_MARKER = "// tidy: table"
LICENCE = "// SPDX-License-Identifier: Apache-2.0"

# Who may include whom; ARCHITECTURE.md shows the same table. Everybody may include themselves.
MAY_INCLUDE = {
    "base": [],
    "profile": ["base"],
    "graph": ["base"],
    "eligibility": ["base", "profile", "graph"],
    "recommender": ["base", "profile", "graph", "eligibility"],
    "cases": ["base", "profile", "graph", "eligibility", "recommender", "sources", "delivery"],
    "population": ["base", "profile", "graph", "eligibility", "recommender"],
    "sources": ["base", "profile"],
    "delivery": ["base"],
    "thrift": "all",
    "intake": "all",
    "cli": "all",
}
PRIVATE_FOLDERS = {"engines", "formats", "internal"}
PUBLIC_IN_PRIVATE = {"profile/engines/engine.h"}

SYSTEM_CLOCK_HOME = "base/clock.cc"
SKIPPED_FOLDERS = {".git", ".ci", "build", "var", "node_modules", "dist", "generated", "__pycache__"}
TEXT_SUFFIXES = {
    ".cc", ".h", ".py", ".md", ".txt", ".yaml", ".json", ".toml", ".sh", ".thrift", ".ts", ".mjs", ".svelte", ".html",
    ".css", "",
}


def word(*parts):
    """A banned word: in parts, so that this file may be scanned too."""
    return "".join(parts)


# Words that say where or how the project was made, which is nobody's business but ours.
BANNED_WORDS = [
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in [
        (word(r"\.\./", r"shared\b"), "a folder outside the project"),
        (word(r"\bsess", r"ions?\b"), "a word about how the project is made"),
        (word(r"/wo", r"rk/main\b"), "a machine path"),
        (word(r"\b(deb|security)\.", r"debian\.org\b"), "a package host"),
        (word(r"\bregistry\.", r"npmjs\.org\b"), "a package host"),
        (word(r"\bproxy\.", r"golang\.org\b"), "a package host"),
    ]
]
BANNED_IN_CODE = [
    (re.compile(r"\busing\s+namespace\b"), "using namespace"),
]
BANNED_IN_TEXT = [
    (re.compile(word(r"\b(FIX", r"ME|TO", r"DO)\b")), "unfinished work: file it instead"),
]


# --- Reading C++ ---------------------------------------------------------------------------------

TOKENS = re.compile(
    r"""
      //[^\n]*
    | /\*.*?\*/
    | R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"
    | "(?:\\.|[^"\\\n])*"
    | (?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'
    """,
    re.VERBOSE | re.DOTALL,
)


def blank(match):
    """The same text without letters: positions and lines stay."""
    return re.sub(r"[^\n]", " ", match.group(0))


def code_only(text):
    """The source without comments, literals and preprocessor lines, character for character."""
    bare = TOKENS.sub(blank, text)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, bare, flags=re.MULTILINE)


def without_templates(head):
    """`template <class T>` would look like a class."""
    while "template" in head:
        start = head.index("template")
        depth, position = 0, head.find("<", start)
        if position < 0:
            return head[:start]
        for position in range(position, len(head)):
            depth += {"<": 1, ">": -1}.get(head[position], 0)
            if depth == 0:
                break
        head = head[:start] + head[position + 1 :]
    return head


def is_scope(head):
    """Whether a brace after `head` opens something that only holds functions and tables."""
    head = without_templates(re.sub(r"\b(public|private|protected)\s*:", " ", head))
    if "(" in re.sub(r"\b(alignas|__attribute__)\s*\([^)]*\)", " ", head) or "=" in head:
        return False
    return re.search(r"\b(namespace|class|struct|union|enum|extern)\b", head) is not None


def bodies(text):
    """(first line, last line) of every function and table outside functions; lines count from 1."""
    code = code_only(text)
    scopes, start, found = [], 0, []
    position = 0
    while position < len(code):
        char = code[position]
        if char == "{" and is_scope(code[start:position]):
            scopes.append(position)
            start = position + 1
        elif char == "{":
            end = matching_brace(code, position)
            head = re.match(r"(\s|\b(public|private|protected)\s*:)*", code[start:position]).end()
            found.append((line_of(code, start + head), line_of(code, end)))
            position, start = end, end + 1
        elif char in ";}":
            start = position + 1
        position += 1
    return found


def matching_brace(code, opening):
    depth = 0
    for position in range(opening, len(code)):
        depth += {"{": 1, "}": -1}.get(code[position], 0)
        if depth == 0:
            return position
    return len(code) - 1


def line_of(text, position):
    return text.count("\n", 0, position) + 1


# --- Rules: each takes a relative path and the text, and yields (line, message) --------------------


def check_includes(path, text):
    module = path.split("/")[0]
    if module not in MAY_INCLUDE:
        return
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if not match:
            continue
        included = match.group(1)
        parts = included.split("/")
        if parts[0] not in MAY_INCLUDE or parts[0] == module:
            continue
        allowed = MAY_INCLUDE[module]
        if allowed != "all" and parts[0] not in allowed:
            yield number, f"{module} may not include {parts[0]}"
        if PRIVATE_FOLDERS & set(parts[1:-1]) and included not in PUBLIC_IN_PRIVATE:
            yield number, f"{included} is private to {parts[0]}"


def check_sizes(path, text):
    lines = text.split("\n")
    count = len(lines) - (1 if lines[-1] == "" else 0)
    if count > FILE_LINES:
        yield FILE_LINES + 1, f"the file has {count} lines, the limit is {FILE_LINES}"
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_COLUMNS:
            yield number, f"the line has {len(line)} columns, the limit is {LINE_COLUMNS}"
    for first, last in bodies(text):
        near = lines[max(first - 2, 0) : first]
        if any(TABLE_MARKER in line for line in near):
            continue
        if last - first + 1 > FUNCTION_LINES:
            yield first, f"a function or table of {last - first + 1} lines, the limit is {FUNCTION_LINES}"


def check_code_words(path, text):
    code = code_only(text)
    rules = list(BANNED_IN_CODE)
    if path != SYSTEM_CLOCK_HOME:
        rules.append((re.compile(r"\bsystem_clock\b"), f"the system clock is read in {SYSTEM_CLOCK_HOME}"))
    for pattern, message in rules:
        for match in pattern.finditer(code):
            yield line_of(code, match.start()), message


def check_licence(path, text):
    if text.split("\n", 1)[0] != LICENCE:
        yield 1, f"the first line must be {LICENCE}"


def check_text_words(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        for pattern, name in BANNED_WORDS:
            if pattern.search(line):
                yield number, f"banned: {name}"
        for pattern, message in BANNED_IN_TEXT:
            if pattern.search(line):
                yield number, message


SOURCE_RULES = [check_includes, check_sizes, check_code_words, check_licence]
TEXT_RULES = [check_text_words]


# --- Rules about several files: take {path: text}, yield (path, line, message) ---------------------


def build_lists(files):
    return {path: text for path, text in files.items() if path.split("/")[-1] == "CMakeLists.txt"}


def is_listed(path, lists):
    """Whether the nearest CMakeLists.txt above names the file, by itself or by a GLOB."""
    parts = path.split("/")
    for depth in range(len(parts) - 1, 0, -1):
        text = lists.get("/".join(parts[:depth]) + "/CMakeLists.txt")
        if text is None:
            continue
        relative = "/".join(parts[depth:])
        if re.search(rf"(?<![\w./-]){re.escape(relative)}(?![\w./-])", text):
            return True
        globs = re.findall(r"[\w./-]*\*\.cc", text)
        return any(re.fullmatch(re.escape(g).replace(r"\*", "[^/]*"), relative) for g in globs)
    return False


def included_by_someone(header, files):
    folder, _, name = header.rpartition("/")
    for path, text in files.items():
        beside = path.rpartition("/")[0] == folder and f'#include "{name}"' in text
        if path.endswith((".cc", ".h")) and (beside or f'#include "{header}"' in text):
            return True
    return False


def check_builds(files):
    """Every source is built and every header is used."""
    lists = build_lists(files)
    for path in files:
        if path.endswith(".cc") and not is_listed(path, lists):
            yield path, 1, "no CMakeLists.txt builds this file"
        if path.endswith(".h") and not included_by_someone(path, files):
            yield path, 1, "nothing includes this header"


def linked_modules(files):
    """{module: modules that its CMakeLists.txt files link, through others too}."""
    direct = {module: set() for module in MAY_INCLUDE}
    for path, text in build_lists(files).items():
        module = path.split("/")[0]
        if module in direct:
            names = re.findall(r"\bkstati_(\w+)", re.sub(r"#[^\n]*", "", text))
            direct[module] |= {name for name in names if name in MAY_INCLUDE}
    closed = {module: set(linked) for module, linked in direct.items()}
    for _ in MAY_INCLUDE:
        for linked in closed.values():
            linked.update(*(closed[other] for other in list(linked)))
    return closed


def check_links(files):
    """What a module includes is what its library says it depends on."""
    links = linked_modules(files)
    for path, text in files.items():
        module = path.split("/")[0]
        if module not in links or not path.endswith((".cc", ".h")):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(r'\s*#\s*include\s*"(\w+)/', line)
            if match and match.group(1) in MAY_INCLUDE and match.group(1) != module:
                if match.group(1) not in links[module]:
                    yield path, number, f"{module}/CMakeLists.txt does not link kstati_{match.group(1)}"


def check_architecture(files):
    """The table in ARCHITECTURE.md is this one."""
    text = files.get("ARCHITECTURE.md", "")
    rows = {}
    section = re.split(r"^## .*who may include whom.*$", text, flags=re.MULTILINE | re.IGNORECASE)
    if len(section) < 2:
        return
    for match in re.finditer(r"^\|([^|\n]+)\|([^|\n]+)\|", section[1].split("\n## ")[0], re.MULTILINE):
        for module in re.findall(r"\w+", match.group(1)):
            rows[module] = set(re.findall(r"\w+", match.group(2)))
    for module, allowed in MAY_INCLUDE.items():
        wanted = {"all"} if allowed == "all" else set(allowed)
        if rows.get(module) != wanted:
            yield "ARCHITECTURE.md", 1, f"its table of includes and that of tidy.py differ for {module}"


def check_batches(files):
    """No private name of a source may be taken for a neighbour's."""
    for path, text in build_lists(files).items():
        for source, other, name in batches.clashes(path.rpartition("/")[0], text, files):
            yield source, 1, f"{name} is private in {other} too, and both are compiled in one batch; rename one"


TREE_RULES = [check_builds, check_links, check_architecture, check_batches]


# --- The run ----------------------------------------------------------------------------------------


def is_source(path):
    return path.endswith((".cc", ".h")) and path.split("/")[0] in {*MAY_INCLUDE, "tests"}


def violations(files):
    """Every violation in {relative path: text}, as sorted (path, line, message)."""
    found = []
    for path, text in files.items():
        rules = (SOURCE_RULES if is_source(path) else []) + TEXT_RULES
        for rule in rules:
            found += [(path, line, message) for line, message in rule(path, text)]
    for rule in TREE_RULES:
        found += list(rule(files))
    return sorted(found)


def read_tree(root):
    files = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if SKIPPED_FOLDERS & set(relative.parts) or path.suffix not in TEXT_SUFFIXES:
            continue
        if path.is_file() and relative.name != "package-lock.json":
            try:
                files[relative.as_posix()] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # no text
    return files


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    files = read_tree(root)
    if not any(is_source(path) for path in files):
        print(f"{root}: no sources found")
        return 2
    found = violations(files)
    for path, line, message in found:
        print(f"{path}:{line}: {message}")
    print(f"{len(files)} files, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
