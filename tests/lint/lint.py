#!/usr/bin/python3
"""The house rules that a machine can check. Prints `file:line: what` for each fault and fails if there was one.

CONTRIBUTING.md says why the rules are there.
"""

import pathlib
import re
import statistics
import subprocess
import sys

FUNCTION_LINES_MAX = 80
FUNCTION_LINES_LONG = 45
FILE_LINES_MAX = 800

TEXT_SUFFIXES = {".c", ".h", ".py", ".sh", ".sql", ".ui", ".md", ".css", ".in", ".xml", ".po", ".build", ""}
LAYERS = ("core", "sync", "gui")
FOREIGN_HEADERS = {
    "core": ("git2", "libsoup/", "gtk/", "adwaita"),
    "sync": ("gtk/", "adwaita"),
    "gui": ("git2", "libsoup/", "sqlite3.h", "log/yl-commit", "log/yl-git", "log/yl-merge-log", "log/yl-signature"),
}

FUNCTION_START = re.compile(r"^([a-z_]\w*) \(")
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ONES_OWN_TODO = re.compile(r"\b(?:TODO|FIXME|XXX)\b(?!\(\w+\))")
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:home|root|work|Users)/\w")
UNTRANSLATABLE = re.compile(r'_ \("[^;)]*" (G_\w+_FORMAT)')
SHOWN_TEXT = re.compile(
    r"\b(?:gtk|adw)_\w+_(?:new_with_(?:label|mnemonic)"
    r"|set_(?:title|subtitle|label|text|tooltip_text|placeholder_text|description|heading|body))"
    r'\s*\([^;"]*?(?<!_ \()("(?:[^"\\\n]|\\.)*")'
)
SHOWN_PROPERTY = re.compile(
    r'<property name="(?:label|title|subtitle|description|tooltip-text|placeholder-text)">[^<]*[^\W\d_]'
)


class Linter:
    def __init__(self, root):
        self.root = root
        self.faults = 0
        self.function_lengths = []

    def fault(self, path, line, what):
        print(f"{path}:{line}: {what}")
        self.faults += 1

    def sources(self):
        """Every file of the project, as git sees it: tracked, or new and not ignored."""
        listed = subprocess.run(
            ["git", "-C", self.root, "ls-files", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True)
        for name in sorted(set(listed.stdout.splitlines())):
            path = pathlib.PurePath(name)
            if path.suffix in TEXT_SUFFIXES and (self.root / path).is_file() and name != "LICENSE":
                yield path

    def run(self):
        paths = list(self.sources())
        for path in paths:
            text = (self.root / path).read_text(encoding="utf-8")
            self.check_text(path, text)
            if path.suffix in (".c", ".h"):
                self.check_code(path, text)
            if path.suffix == ".ui":
                self.check_interface(path, text)
        self.check_build_lists(paths)

    def check_text(self, path, text):
        for number, line in enumerate(text.splitlines(), 1):
            if "\t" in line:
                self.fault(path, number, "a tab; use spaces")
            if line != line.rstrip():
                self.fault(path, number, "trailing blanks")
            if ONES_OWN_TODO.search(line) and path.name != "lint.py" and path.suffix != ".md":
                self.fault(path, number, "a TODO nobody owns; do it, or write TODO(name)")
            if MACHINE_PATH.search(line):
                self.fault(path, number, "a path of one particular machine")
        if text and not text.endswith("\n"):
            self.fault(path, text.count("\n") + 1, "no newline at the end")

    def check_code(self, path, text):
        bare = STRING.sub('""', COMMENT.sub(lambda match: "\n" * match.group().count("\n"), text))
        lines = bare.splitlines()
        if len(lines) > FILE_LINES_MAX:
            self.fault(path, len(lines), f"a file of more than {FILE_LINES_MAX} lines; split it by noun")
        if path.suffix == ".h" and "#pragma once" not in bare:
            self.fault(path, 1, "a header without #pragma once")
        self.check_functions(path, lines)
        self.check_includes(path, text)
        self.check_errors(path, lines)
        for match in UNTRANSLATABLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            self.fault(path, line, f"gettext does not know {match.group(1)}; use PRId64 or PRIu64")
        if path.parts[0] == "gui":
            self.check_words(path, text)

    def check_functions(self, path, lines):
        name, start = None, 0
        for number, line in enumerate(lines, 1):
            if re.search(r"\bgoto\b", line):
                self.fault(path, number, "goto; return early, and let g_autoptr clean up")
            match = FUNCTION_START.match(line)
            if match:
                name, start = match.group(1), number
            elif line == "}" and name:
                self.check_length(path, name, start, number - start + 1)
                name = None
            elif line.startswith(("}", "#")):
                name = None

    def check_length(self, path, name, start, length):
        self.function_lengths.append(length)
        if length > FUNCTION_LINES_MAX:
            self.fault(path, start, f"{name} has {length} lines, more than {FUNCTION_LINES_MAX}; split it")
        elif length > FUNCTION_LINES_LONG:
            print(f"{path}:{start}: note: {name} has {length} lines; {FUNCTION_LINES_LONG} are easier to read")

    def check_includes(self, path, text):
        layer = path.parts[0]
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'#\s*include\s+[<"]([^>"]+)', line)
            if not match:
                continue
            header = match.group(1)
            if ".." in header:
                self.fault(path, number, f"{header}: include relative to the layer's root")
            if layer in LAYERS and header.startswith(FOREIGN_HEADERS[layer]):
                self.fault(path, number, f"{layer} must not know {header}")

    def check_errors(self, path, lines):
        for number, line in enumerate(lines, 1):
            if re.search(r"GError \*\*(?!error\b)\w+[,)]", line) and path.suffix == ".h":
                self.fault(path, number, "call the GError ** parameter `error`")
            if re.match(r"\s+return TRUE;", line) and re.match(r"\s+g_(?:set|propagate)_\w*error", lines[number - 2]):
                self.fault(path, number, "sets an error and returns TRUE")

    def check_words(self, path, text):
        for match in SHOWN_TEXT.finditer(text):
            if re.search(r"[^\W\d_]", match.group(1)):
                line = text.count("\n", 0, match.start(1)) + 1
                self.fault(path, line, f"{match.group(1)} is shown to people; wrap it in _ ()")

    def check_interface(self, path, text):
        for number, line in enumerate(text.splitlines(), 1):
            if SHOWN_PROPERTY.search(line):
                self.fault(path, number, 'text shown to people; mark it translatable="yes"')

    def check_build_lists(self, paths):
        """A source that no meson.build names is dead code, or a test that never runs."""
        builds = "".join((self.root / path).read_text() for path in paths if path.name == "meson.build")
        for path in paths:
            if path.suffix == ".c" and path.stem.removeprefix("test-").removeprefix("fuzz-") not in builds:
                self.fault(path, 1, "no meson.build names this file")


def main():
    linter = Linter(pathlib.Path(__file__).resolve().parents[2])
    linter.run()
    lengths = sorted(linter.function_lengths) or [0]
    print(f"{len(lengths)} functions: median {statistics.median(lengths):.0f} lines, "
          f"90 % within {lengths[int(len(lengths) * 0.9)]}, longest {lengths[-1]}")
    return 1 if linter.faults else 0


if __name__ == "__main__":
    sys.exit(main())
