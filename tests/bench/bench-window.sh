#!/usr/bin/env bash
# Window to first frame and memory, on a store file that is there already.
#
#   bench-window.sh YUELAI STORE [ROUNDS]
#
# The first frame is there once the middle of the (virtual) screen is no longer black, Today once the blue of its main button is.
# Needs imagemagick.

set -euo pipefail

yuelai=$1
store=$2
rounds=${3:-5}

if [[ -z ${YUELAI_BENCH_DISPLAY:-} ]]; then
  YUELAI_BENCH_DISPLAY=1 exec dbus-run-session -- xvfb-run -a -s '-screen 0 1280x800x24' "$0" "$@"
fi

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

pixel() {
  import -window root -crop "1x1+$1+$2" -format '%[fx:int(255*r)] %[fx:int(255*g)] %[fx:int(255*b)]' info: 2>/dev/null
}

is_painted() {
  [[ $(pixel 640 400) != '0 0 0' ]]
}

shows_today() {
  [[ $(pixel 30 58) == '53 132 228' ]]
}

milliseconds_since() {
  echo $((($(date +%s%N) - $1) / 1000000))
}

for ((round = 1; round <= rounds; round++)); do
  started=$(date +%s%N)
  HOME=$home XDG_CONFIG_HOME=$home GSK_RENDERER=cairo "$yuelai" --store "$store" 2>/dev/null &
  process=$!
  until is_painted; do sleep 0.01; done
  first=$(milliseconds_since "$started")
  until shows_today; do sleep 0.01; done
  today=$(milliseconds_since "$started")
  sleep 1
  memory=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$process/status")
  printf 'round %d: first frame %d ms, Today %d ms, %d MB resident\n' "$round" "$first" "$today" "$memory"
  kill "$process"
  wait "$process" 2>/dev/null || true
done
