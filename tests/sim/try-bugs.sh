#!/usr/bin/env bash
# Plants each bug of tests/sim/bugs in a scratch copy, one at a time, and says which test finds it. By hand: it takes hours on two cores.
#
#   tests/sim/try-bugs.sh [SCRATCH] [PATTERN]   PATTERN such as 0[1-5]; SCRATCH is made anew
#
# Exit status: 0 all found, 1 some not found or a patch no longer applies.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

scratch=${1:-$(mktemp -d)/yuelai}
pattern=${2:-*}
programs=(tests/sim/test-sim tests/sim/test-crash tests/core/test-merge-property)
suites=(tests/core/test-entry tests/core/test-booking tests/core/test-store tests/sync/test-merge-log tests/sync/test-wire
  tests/sync/test-exchange tests/sync/test-hub tests/sync/test-enrol)
failed=0

rm -rf "$scratch"
mkdir -p "$scratch"
git ls-files -z | xargs -0 cp --parents -t "$scratch"
/usr/bin/meson setup "$scratch/build" "$scratch" --buildtype=debugoptimized > "$scratch/setup.log" || exit 1

build() {
  ninja -C "$scratch/build" "${programs[@]}" "${suites[@]}" > "$scratch/build.log" 2>&1
}

# Runs the tests, cheapest first, until one fails; prints which.
find_it() {
  local built=$scratch/build test
  YL_SEEDS=100 timeout 600 "$built/tests/sim/test-sim" > "$scratch/run.log" 2>&1 \
    || { echo "simulation: $(grep -o 'seed [0-9]*' "$scratch/run.log" | tail -1)"; return 0; }
  YL_POINTS=300 YL_IO_POINTS=200 timeout 600 "$built/tests/sim/test-crash" > "$scratch/run.log" 2>&1 \
    || { echo "crashes and disk errors"; return 0; }
  for test in "${suites[@]}"; do
    timeout 120 "$built/$test" > "$scratch/run.log" 2>&1 || { echo "$test"; return 0; }
  done
  YL_SEEDS=100 timeout 600 "$built/tests/core/test-merge-property" > "$scratch/run.log" 2>&1 \
    || { echo "merge histories"; return 0; }
  YL_FIRST_SEED=101 YL_SEEDS=900 timeout 1800 "$built/tests/sim/test-sim" > "$scratch/run.log" 2>&1 \
    || { echo "simulation: $(grep -o 'seed [0-9]*' "$scratch/run.log" | tail -1)"; return 0; }
  return 1
}

# Without a bug nothing may be found, or the table would say nothing.
if ! build || verdict=$(find_it); then
  echo "It fails without a bug: ${verdict:-it does not build}" >&2
  exit 1
fi

# shellcheck disable=SC2231  # the pattern is meant to be one
for patch in tests/sim/bugs/$pattern*.patch; do
  name=$(basename "$patch" .patch)
  if ! patch --quiet --strip=1 --dry-run --directory="$scratch" < "$patch" > /dev/null; then
    verdict="no longer applies"
    failed=1
  else
    patch --quiet --strip=1 --directory="$scratch" < "$patch"
    if ! build; then
      verdict="does not build"
      failed=1
    elif ! verdict=$(find_it); then
      verdict="NOT FOUND"
      failed=1
    fi
    patch --quiet --strip=1 --reverse --directory="$scratch" < "$patch"
  fi
  printf '| %s | %s |\n' "$name" "$verdict"
done
exit "$failed"
