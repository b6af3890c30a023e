#!/usr/bin/env bash
# Plants each bug of tests/sim/bugs in a scratch copy, one at a time, and says which test finds it. By hand: it takes an hour on two cores.
#
#   tests/sim/try-bugs.sh [SCRATCH] [PATTERN]   PATTERN such as 0[1-5]; SCRATCH is made anew
#
# A test that does not come to its end in time decides nothing. Exit status: 0 all found, 1 some not found, not decided, or a patch
# no longer applies; 2 the program without a bug does not pass.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2

scratch=${1:-$(mktemp -d)/yuelai}
pattern=${2:-*}
simulation=(tests/sim/test-sim tests/sim/test-crash)
suites=(tests/core/test-entry tests/core/test-booking tests/core/test-store tests/core/test-merge-property tests/sync/test-merge-log
  tests/sync/test-wire tests/sync/test-exchange tests/sync/test-hub tests/sync/test-enrol)
failed=0

rm -rf "$scratch"
mkdir -p "$scratch"
git ls-files -z | xargs -0 cp --parents -t "$scratch"
/usr/bin/meson setup "$scratch/build" "$scratch" --buildtype=debugoptimized > "$scratch/setup.log" || exit 2

build() {
  ninja -C "$scratch/build" "$@" > "$scratch/build.log" 2>&1
}

# attempt NAME SECONDS PROGRAM [ARGUMENT]...: 0 it failed, and its name is printed; 1 it passed. What was too slow is kept in $slow.
attempt() {
  local name=$1 seconds=$2 status
  shift 2
  timeout "$seconds" "$@" > "$scratch/run.log" 2>&1
  status=$?
  if ((status == 124)); then
    echo "$name" >> "$scratch/slow"
    return 1
  fi
  ((status != 0)) || return 1
  echo "$name$(grep -o ' seed [0-9]*' "$scratch/run.log" | tail -1)"
}

# Runs the tests, cheapest first, until one fails; prints which.
find_it() {
  local built=$scratch/build test
  rm -f "$scratch/slow"
  build "${simulation[@]}" || { echo "does not build"; return 2; }
  YL_SEEDS=100 attempt "simulation," 600 "$built/tests/sim/test-sim" && return
  YL_POINTS=300 YL_IO_POINTS=200 attempt "crashes and disk errors" 600 "$built/tests/sim/test-crash" && return
  build "${suites[@]}" || { echo "does not build"; return 2; }
  for test in "${suites[@]}"; do
    YL_SEEDS=100 attempt "$test" 300 "$built/$test" && return
  done
  YL_FIRST_SEED=101 YL_SEEDS=300 attempt "simulation," 1200 "$built/tests/sim/test-sim" && return
  [[ ! -e $scratch/slow ]] || { echo "not decided, too slow: $(paste -sd ' ' "$scratch/slow")"; return 2; }
  echo "NOT FOUND"
  return 1
}

# Without a bug nothing may be found, or the table would say nothing.
verdict=$(find_it)
if (($? != 1)); then
  echo "The program without a bug does not pass: $verdict" >&2
  exit 2
fi

# shellcheck disable=SC2231  # the pattern is meant to be one
for patch in tests/sim/bugs/$pattern*.patch; do
  if ! patch --quiet --strip=1 --directory="$scratch" --dry-run < "$patch" > /dev/null; then
    verdict="no longer applies"
    failed=1
  else
    patch --quiet --strip=1 --directory="$scratch" < "$patch"
    verdict=$(find_it) || failed=1
    patch --quiet --strip=1 --reverse --directory="$scratch" < "$patch"
  fi
  printf '| %s | %s |\n' "$(basename "$patch" .patch)" "$verdict"
done
exit "$failed"
