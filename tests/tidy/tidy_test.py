#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds tidy.py bad sources: a check that cannot fail checks nothing."""

import pathlib
import unittest

import tidy

HEAD = tidy.LICENCE + "\n"


def messages(path, text):
    """"line: message" of every violation of one source file that is listed in its build."""
    folder = path.split("/")[0]
    name = path.split("/", 1)[1]
    files = {path: text, f"{folder}/CMakeLists.txt": f"{name} kstati_base kstati_graph kstati_profile"}
    return [f"{line}: {message}" for where, line, message in tidy.violations(files) if where == path]


def function_of(lines, head="int Long(int a) {"):
    return "\n".join([head] + ["  a += 1;"] * (lines - 2) + ["}"]) + "\n"


class Includes(unittest.TestCase):
    def test_a_module_includes_only_what_the_table_allows(self):
        self.assertEqual(messages("base/a.cc", HEAD + '#include "graph/chain.h"\n')[0],
                         "2: base may not include graph")
        self.assertEqual(messages("graph/a.cc", HEAD + '#include "profile/store.h"\n'),
                         ["2: graph may not include profile"])
        self.assertEqual(messages("graph/a.cc", HEAD + '#include "base/yaml.h"\n'), [])

    def test_private_folders_are_private(self):
        self.assertEqual(messages("eligibility/a.cc", HEAD + '#include "graph/internal/reader.h"\n'),
                         ["2: graph/internal/reader.h is private to graph"])
        self.assertEqual(messages("eligibility/a.cc", HEAD + '#include "profile/engines/engine.h"\n'), [])
        self.assertEqual(messages("graph/a.cc", HEAD + '#include "graph/internal/reader.h"\n'), [])

    def test_includes_agree_with_what_is_linked(self):
        files = {"graph/a.cc": HEAD + '#include "base/yaml.h"\n', "graph/CMakeLists.txt": "a.cc"}
        self.assertIn(("graph/a.cc", 2, "graph/CMakeLists.txt does not link kstati_base"),
                      tidy.violations(files))

    def test_a_link_through_another_module_counts(self):
        files = {"eligibility/a.cc": HEAD + '#include "base/yaml.h"\n',
                 "eligibility/CMakeLists.txt": "a.cc kstati_graph", "graph/CMakeLists.txt": "kstati_base"}
        self.assertEqual([v for v in tidy.violations(files) if "link" in v[2]], [])

    def test_the_table_of_the_architecture_is_the_same(self):
        rows = "".join(f"| {module} | {'all' if a == 'all' else ', '.join(a) or '-'} |\n"
                       for module, a in tidy.MAY_INCLUDE.items())
        page = f"## 9. Who may include whom\n| module | may include |\n|---|---|\n{rows}"
        self.assertEqual(tidy.violations({"ARCHITECTURE.md": page}), [])
        wrong = page.replace("| graph | base |", "| graph | base, profile |")
        self.assertEqual(len(tidy.violations({"ARCHITECTURE.md": wrong})), 1)


class Sizes(unittest.TestCase):
    def test_lines_are_measured_in_characters(self):
        self.assertEqual(messages("base/a.cc", HEAD + "// " + "ж" * 97 + "\n"), [])
        self.assertEqual(messages("base/a.cc", HEAD + "// " + "ж" * 98 + "\n"),
                         ["2: the line has 101 columns, the limit is 100"])

    def test_files_are_limited(self):
        self.assertEqual(messages("base/a.cc", HEAD + "\n" * 599), [])
        self.assertEqual(messages("base/a.cc", HEAD + "\n" * 600),
                         ["601: the file has 601 lines, the limit is 600"])

    def test_functions_are_limited_wherever_they_stand(self):
        too_long = "a function or table of 71 lines, the limit is 70"
        self.assertEqual(messages("base/a.cc", HEAD + function_of(70)), [])
        self.assertEqual(messages("base/a.cc", HEAD + function_of(71)), [f"2: {too_long}"])
        self.assertEqual(messages("base/a.cc", HEAD + "namespace a {\n" + function_of(71) + "}\n"),
                         [f"3: {too_long}"])
        inside = "class A {\n public:\n" + function_of(71, "  template <class T> T Long(T a) const {") + "};\n"
        self.assertEqual(messages("base/a.cc", HEAD + inside), [f"4: {too_long}"])
        self.assertEqual(messages("base/a.cc", HEAD + function_of(71, "A::A() : a_{1}, b_(2) {")),
                         [f"2: {too_long}"])
        self.assertEqual(messages("base/a.cc", HEAD + function_of(71, "TEST_F(A, IsB) {")),
                         [f"2: {too_long}"])

    def test_braces_in_text_and_comments_do_not_count(self):
        tricky = ('int A() { return \'{\' + 1\'000; }\n// {\n/* { */\nauto b = "{\\"{";\n'
                  'auto c = R"x({ )" {)x";\n#define D {\n' + function_of(71))
        self.assertEqual(messages("base/a.cc", HEAD + tricky),
                         ["8: a function or table of 71 lines, the limit is 70"])

    def test_tables_are_limited_unless_marked(self):
        table = "const int kTable[] = {\n" + "  1,\n" * 70 + "};\n"
        self.assertEqual(len(messages("base/a.cc", HEAD + table)), 1)
        self.assertEqual(messages("base/a.cc", HEAD + tidy.TABLE_MARKER + "\n" + table), [])

    def test_structs_may_be_long(self):
        self.assertEqual(messages("base/a.cc", HEAD + "struct A {\n" + "  int a;\n" * 80 + "};\n"), [])


class Words(unittest.TestCase):
    def test_the_system_clock_is_read_in_one_place(self):
        line = "auto t = std::chrono::system_clock::now();\n"
        self.assertEqual(messages("base/a.cc", HEAD + line), ["2: the system clock is read in base/clock.cc"])
        self.assertEqual(messages("base/clock.cc", HEAD + line), [])

    def test_banned_words_are_found(self):
        self.assertEqual(messages("base/a.cc", HEAD + "using namespace std;\n"), ["2: using namespace"])
        self.assertEqual(len(messages("base/a.cc", HEAD + "// TO" + "DO: later\n")), 1)
        self.assertEqual(len(tidy.violations({"docs/a.md": "see ../sha" + "red/x\nthis sess" + "ion\n"})), 2)

    def test_every_kind_of_text_is_scanned(self):
        for name in ("thrift/a.thrift", "console/a.mjs", "console/a.html", "console/a.css", "tests/tidy/a.py"):
            self.assertEqual(len(tidy.violations({name: "this sess" + "ion\n"})), 1, name)
            self.assertIn(pathlib.PurePath(name).suffix, tidy.TEXT_SUFFIXES)

    def test_the_licence_comes_first(self):
        self.assertEqual(len(messages("base/a.cc", "\n" + HEAD)), 1)


class Builds(unittest.TestCase):
    def test_a_source_that_nobody_builds_is_found(self):
        files = {"base/a.cc": HEAD, "base/aa.cc": HEAD, "base/CMakeLists.txt": "SOURCES\n  aa.cc\n"}
        self.assertEqual(tidy.violations(files), [("base/a.cc", 1, "no CMakeLists.txt builds this file")])

    def test_globs_and_folders_are_understood(self):
        files = {"base/internal/a.cc": HEAD, "base/b.cc": HEAD,
                 "base/CMakeLists.txt": "internal/a.cc file(GLOB X RELATIVE y *.cc)"}
        self.assertEqual(tidy.violations(files), [])

    def test_a_header_that_nobody_includes_is_found(self):
        files = {"base/a.h": HEAD, "base/CMakeLists.txt": ""}
        self.assertEqual(tidy.violations(files), [("base/a.h", 1, "nothing includes this header")])

    def test_a_private_name_that_a_neighbour_in_the_batch_has_is_found(self):
        one = HEAD + "namespace {\n\nint Sum(int a) {\n  return a;\n}\n\n}  // namespace\n"
        other = HEAD + "namespace {\n\nstd::string Sum(const char* a) {\n  return a;\n}\n\n}  // namespace\n"
        listed = "kstati_library(base SOURCES one.cc other.cc DEPENDS x)\n"
        files = {"base/one.cc": one, "base/other.cc": other, "base/CMakeLists.txt": listed}
        self.assertEqual([v[:2] for v in tidy.violations(files)], [("base/other.cc", 1)])
        alone = "set_source_files_properties(other.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)\n"
        files["base/CMakeLists.txt"] = listed + alone
        self.assertEqual(tidy.violations(files), [])
        apart = "kstati_library(base SOURCES one.cc " + "".join(f"x{i}.cc " for i in range(7)) + "other.cc)\n"
        files["base/CMakeLists.txt"] = apart
        self.assertEqual(tidy.violations(files), [])


if __name__ == "__main__":
    unittest.main()
