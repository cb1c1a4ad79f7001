#!/usr/bin/env bash
# Builds a test project once and runs it so many times in a row; stops at the first failure and prints it.
# Usage: eng/repeat.sh <times> <test project folder> [arguments of the test program, such as -method "*Kill*"]
# LOAD=<n> burns n processors in other processes meanwhile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "$#" -lt 2 ]; then
  sed -n '2,4p' "$0" | cut -c3- >&2
  exit 2
fi
times=$1 project=$2
shift 2

dotnet build "$project" -c Release -v quiet -nologo ${BUILD_ARGUMENTS:-}
program=$(dotnet msbuild "$project" -p:Configuration=Release -getProperty:TargetPath ${BUILD_ARGUMENTS:-})
log=$(mktemp)
burners=()
finish() {
  if [ "${#burners[@]}" -gt 0 ]; then kill "${burners[@]}" 2>/dev/null || true; fi
  rm -f "$log"
}
trap finish EXIT
for ((i = 0; i < ${LOAD:-0}; i++)); do
  (while :; do :; done) &
  burners+=($!)
done

started=$SECONDS
for ((pass = 1; pass <= times; pass++)); do
  if ! dotnet "$program" -noLogo -noColor "$@" >"$log" 2>&1; then
    cat "$log"
    echo "pass $pass of $times failed after $((SECONDS - started)) s" >&2
    exit 1
  fi
  if ((pass % 10 == 0 || pass == times)); then
    echo "pass $pass of $times: $(grep -o 'Total: [0-9]*.*' "$log" | tail -1)"
  fi
done
echo "$times passes in $((SECONDS - started)) s"
