#!/usr/bin/env bash
# Every C file is as clang-format leaves it; the tables of records are tables, formatted by hand.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

git ls-files -z --cached --others --exclude-standard '*.c' '*.h' ':!core/records/*-tables.c' \
  | xargs -0 clang-format-14 --dry-run -Werror --ferror-limit=1
