#!/usr/bin/env bash
# Plants each bug of eng/planted-bugs in a copy of the committed sources and shows that the tests named in it fail.
# Usage: eng/planted-bugs.sh [name ...]     (all by default; a name is a patch's without its ending)
# A patch's second line says "Found by: <test project> [arguments of the test program]". The first failed test ends the run;
# one that hangs counts as failed after LIMIT seconds (60).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
patches=$root/eng/planted-bugs

names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
  for patch in "$patches"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi

copy=$(mktemp -d)
log=$(mktemp)
finish() {
  git -C "$root" worktree remove --force "$copy/work" 2>/dev/null || true
  rm -rf "$copy" "$log"
}
trap finish EXIT
git worktree add --quiet --detach "$copy/work" HEAD
cd "$copy/work"

found=0 missed=()
for name in "${names[@]}"; do
  patch=$patches/$name.patch
  read -r -a tests < <(sed -n 's/^Found by: //p' "$patch")
  git apply "$patch"
  dotnet build "${tests[0]}" -c Release -v quiet -nologo -p:RunAnalyzers=false >"$log" 2>&1 || { cat "$log" >&2; echo "error: $name does not build" >&2; exit 2; }
  program=$(dotnet msbuild "${tests[0]}" -p:Configuration=Release -getProperty:TargetPath)
  started=$SECONDS
  status=0
  SCHEDULES=${SCHEDULES:-2000} timeout "${LIMIT:-60}" dotnet "$program" -noLogo -noColor -stopOnFail "${tests[@]:1}" >"$log" 2>&1 || status=$?
  first=$(grep -m1 '\[FAIL\]' "$log" | sed 's/^ *//; s/^GreenletBridge\.//' || true)
  if [ "$status" -eq 124 ]; then first=${first:-the run did not end}; fi
  if [ "$status" -ne 0 ] && [ -n "$first" ]; then
    found=$((found + 1))
    echo "found      $name after $((SECONDS - started)) s: $first"
  else
    # An exit without a failed test is no find: perhaps no test has the name that the patch says.
    missed+=("$name")
    echo "NOT FOUND  $name (exit status $status)"
  fi
  git checkout --quiet -- src
done

echo "$found found, ${#missed[@]} not found"
[ "${#missed[@]}" -eq 0 ]
