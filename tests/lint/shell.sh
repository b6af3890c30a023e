#!/usr/bin/env bash
# Every shell script passes shellcheck.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

{
  git grep --untracked -lzE '^#!.*bash'
  printf '%s\0' data/completions/yuelaictl
} | xargs -0 shellcheck --shell=bash --exclude=SC1091
