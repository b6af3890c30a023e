#!/usr/bin/env bash
# Plants each bug of tests/sim/bugs in a scratch copy, one at a time, and says which test finds it, and after how many seconds. By hand.
#
#   tests/sim/try-bugs.sh [SCRATCH] [PATTERN]   PATTERN such as 0[1-5]; SCRATCH is made if it is not there
#
# A patch may name, in a line `Test: NAME`, the test that should find it: that one is tried first, then all others, cheapest first.
# Whatever found a bug must pass without it. A test that does not come to its end in time decides nothing.
# Exit status: 0 all found; 1 some not found, not decided, or a patch no longer applies; 2 a test fails without a bug.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2

scratch=${1:-$(mktemp -d)/yuelai}
pattern=${2:-*}
failed=0
declare -A passes # tests that were seen to pass without a bug

# Cheapest first: a name, what it sets in the environment, how many seconds it may take.
tests="
tests/core/test-base - 60
tests/core/test-entry - 60
tests/core/test-booking - 60
tests/core/test-merge-state - 60
tests/core/test-store - 60
tests/core/test-seal - 60
tests/sync/test-wire - 60
tests/sync/test-merge-log - 60
tests/sync/test-exchange - 120
tests/sync/test-hub - 120
tests/sync/test-enrol - 120
tests/sync/test-state - 120
tests/core/test-restore - 120
tests/core/test-revocation - 120
tests/core/test-repair - 120
tests/sim/test-swallowed - 60
tests/core/test-merge-property YL_SEEDS=100 300
tests/sim/test-sim YL_SEEDS=100 600
tests/sync/test-node-hostile - 300
tests/sync/test-hub-hostile - 300
tests/sim/test-crash YL_POINTS=300,YL_IO_POINTS=200 600
tests/sim/test-sim YL_FIRST_SEED=101,YL_SEEDS=300 1200
"

prepare() {
  mkdir -p "$scratch"
  # Only what differs, so that little is built anew.
  git ls-files | while read -r file; do
    cmp -s "$file" "$scratch/$file" || cp --parents "$file" "$scratch"
  done
  [[ -e $scratch/build/build.ninja ]] || /usr/bin/meson setup "$scratch/build" "$scratch" --buildtype=debugoptimized > "$scratch/setup.log"
}

# attempt NAME ENVIRONMENT SECONDS: builds and runs a test. 0 it passed, 1 it failed, 2 it did not build, 3 it was too slow.
attempt() {
  local name=$1 environment=$2 seconds=$3 settings=()
  [[ $environment == - ]] || IFS=, read -ra settings <<< "$environment"
  ninja -C "$scratch/build" "$name" > "$scratch/build.log" 2>&1 || return 2
  (env "${settings[@]}" timeout "$seconds" "$scratch/build/$name"; exit $?) > "$scratch/run.log" 2>&1
  case $? in
  0) return 0 ;;
  124) return 3 ;;
  *) return 1 ;;
  esac
}

# What failed, in a few words: the seed, or the first test that did.
what_failed() {
  local seed case
  seed=$(grep -o ' seed [0-9]*' "$scratch/run.log" | tail -1)
  case=$(grep -m 1 -o ':test_[a-z_]*:' "$scratch/run.log" | tr -d :)
  echo "${1#tests/}${seed:+,$seed}${case:+, $case}"
}

# find PATCH: tries the tests until one fails. Sets verdict and finder ("" if none).
find() {
  local wanted name environment seconds slow="" begun=$SECONDS
  wanted=$(sed -n 's/^Test: //p' "$1")
  finder=""
  while read -r name environment seconds; do
    attempt "$name" "$environment" "$seconds"
    case $? in
    1)
      finder="$name $environment $seconds"
      verdict="$(what_failed "$name") | $((SECONDS - begun)) s"
      return
      ;;
    2)
      verdict="does not build | "
      return
      ;;
    3) slow+=" $name" ;;
    esac
  done < <(grep -F -- "${wanted:-/}" <<< "$tests"; [[ -z $wanted ]] || grep -vF -- "$wanted" <<< "$tests" | grep .)
  verdict="${slow:+not decided, too slow:$slow}"
  verdict="${verdict:-NOT FOUND} | $((SECONDS - begun)) s"
}

plant() {
  patch --quiet --strip=1 --directory="$scratch" "$@"
}

prepare || exit 2
# shellcheck disable=SC2231  # the pattern is meant to be one
for file in tests/sim/bugs/$pattern*.patch; do
  finder=""
  if ! plant --dry-run < "$file" > /dev/null; then
    verdict="no longer applies | "
  else
    plant < "$file"
    find "$file"
    plant --reverse < "$file"
  fi
  if [[ -z $finder ]]; then
    failed=1
  elif [[ -z ${passes[$finder]:-} ]]; then
    # shellcheck disable=SC2086  # three words
    attempt $finder || { echo "$finder fails without a bug" >&2; exit 2; }
    passes[$finder]=1
  fi
  printf '| %s | %s |\n' "$(basename "$file" .patch)" "$verdict"
done
exit "$failed"
