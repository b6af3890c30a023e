#!/usr/bin/env bash
# Every shell script passes shellcheck.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

git grep -lzE --untracked '^#!.*bash' -- ':!*.md' | xargs -0 shellcheck --external-sources --exclude=SC1091
