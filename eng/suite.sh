#!/usr/bin/env bash
# Runs the whole suite so many times in a row beside other processes that burn processors; stops at the first failure and keeps its output.
# Usage: eng/suite.sh [times]     (20 by default)
# LOAD=<n> processes burn a processor each (1 by default). JOBS=<n> test programs run at a time (1 by default): each is load for the others.
# PROJECTS="tests/Core.Tests tests/Core.Stress" runs those only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
times=${1:-20}
logs=artifacts/suite

read -r -a projects <<<"${PROJECTS:-}"
if [ "${#projects[@]}" -eq 0 ]; then
  for project in tests/*/*.csproj; do
    if grep -q '<IsTestProject>true</IsTestProject>' "$project"; then projects+=("$(dirname "$project")"); fi
  done
fi

if [ -n "${PROJECTS:-}" ]; then
  for project in "${projects[@]}"; do dotnet build "$project" -c Release -v quiet -nologo; done
else
  dotnet build Hosting.sln -c Release -v quiet -nologo
fi
programs=()
for project in "${projects[@]}"; do
  programs+=("$(dotnet msbuild "$project" -p:Configuration=Release -getProperty:TargetPath)")
done

finish() {
  local job
  for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done
}
trap finish EXIT
for ((i = 0; i < ${LOAD:-1}; i++)); do
  (while :; do :; done) &
done

# Runs one program; its output is kept if it fails.
run() {
  local name log began=$SECONDS
  name=$(basename "$1" .dll)
  log=$logs/$name.log
  dotnet "$1" -noLogo -noColor >"$log" 2>&1 &
  # shellcheck disable=SC2064 -- its number now
  trap "kill $!" TERM
  if wait "$!"; then
    echo "  $name: $((SECONDS - began)) s"
    echo "$((SECONDS - began)) $1" >>"$logs/durations"
  else
    cat "$log"
    echo "pass $pass of $times: $name failed after $((SECONDS - began)) s; its output is in $log" >&2
    return 1
  fi
}

rm -rf "$logs"
mkdir -p "$logs"
started=$SECONDS
for ((pass = 1; pass <= times; pass++)); do
  began=$SECONDS running=0
  for program in "${programs[@]}"; do
    if ((running == ${JOBS:-1})); then
      wait -n
      running=$((running - 1))
    fi
    run "$program" &
    running=$((running + 1))
  done
  for (( ; running > 0; running--)); do wait -n; done
  # The longest goes first from now on, lest the others wait for it at the end.
  mapfile -t programs < <(tail -n "${#programs[@]}" "$logs/durations" | sort -rn | cut -d' ' -f2-)
  echo "pass $pass of $times: ${#programs[@]} programs in $((SECONDS - began)) s"
done
echo "$times passes in $((SECONDS - started)) s"
