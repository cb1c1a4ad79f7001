#!/usr/bin/env bash
# Runs the whole suite so many times in a row beside other processes that burn processors; stops at the first failure and keeps its output.
# Usage: eng/suite.sh [times]     (20 by default)
# LOAD=<n> processes burn a processor each (1 by default). PROJECTS="tests/Core.Tests tests/Core.Stress" runs those only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
times=${1:-20}
log=artifacts/suite.log

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

burners=()
finish() {
  if [ "${#burners[@]}" -gt 0 ]; then kill "${burners[@]}" 2>/dev/null || true; fi
}
trap finish EXIT
for ((i = 0; i < ${LOAD:-1}; i++)); do
  (while :; do :; done) &
  burners+=($!)
done

mkdir -p artifacts
started=$SECONDS
for ((pass = 1; pass <= times; pass++)); do
  began=$SECONDS
  for program in "${programs[@]}"; do
    if ! dotnet "$program" -noLogo -noColor >"$log" 2>&1; then
      cat "$log"
      echo "pass $pass of $times: $(basename "$program") failed after $((SECONDS - started)) s; its output is in $log" >&2
      exit 1
    fi
  done
  echo "pass $pass of $times: ${#programs[@]} programs in $((SECONDS - began)) s"
done
echo "$times passes in $((SECONDS - started)) s"
