#!/usr/bin/python3
"""Counts test cases in meson's testlog.json and ends with `N passed, N failed, N skipped`.

A test that speaks TAP counts case by case, any other as one case. A test that ends badly without naming a failed
case (a crash, a time-out) counts as one failed.
"""

import json
import re
import sys

CASE = re.compile(r"^(not )?ok\b[^#]*(?:#\s*(skip|todo)\b)?", re.IGNORECASE)
GOOD = ("OK", "EXPECTEDFAIL")


def count(test):
    """Returns [passed, failed, skipped] of one entry of the log."""
    cases = [0, 0, 0]
    for line in (test.get("stdout") or "").splitlines():
        match = CASE.match(line)
        if match:
            failed, directive = match.groups()
            cases[2 if directive else 1 if failed else 0] += 1

    result = test["result"]
    if sum(cases) == 0:
        cases[0 if result in GOOD else 2 if result == "SKIP" else 1] += 1
    elif result not in (*GOOD, "SKIP") and cases[1] == 0:
        cases[1] += 1
    return cases


def main(path):
    try:
        with open(path, encoding="utf-8") as log:
            tests = [json.loads(line) for line in log]
    except OSError as error:
        print(f"No test ran: {error}", file=sys.stderr)
        tests = []

    totals = [0, 0, 0]
    for test in tests:
        cases = count(test)
        totals = [a + b for a, b in zip(totals, cases)]
        if cases[1]:
            print(f"failed: {test['name']} ({test['result']}, {cases[1]} of {sum(cases)} cases)")

    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
