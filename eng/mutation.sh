#!/usr/bin/env bash
# Changes Core's conversions, greenlets and waits in one place at a time and shows which changes no test notices; prints the score by room
# and fails below the floor. Takes two hours and more: some five seconds a mutant on two cores.
# Usage: eng/mutation.sh [room ...]     (Bridging Greenlets Waiting by default)
# A first pass notes which test class reaches which mutant; a mutant is asked of those only, the quickest first.
# PARALLEL=<n> mutants at a time (2). SAMPLE=<n> mutants only, chosen by SEED (1). FLOOR=<percent> found (85). BUILD=no takes the mutated build
# of the last run and goes on where that was broken off (artifacts/mutation/results.tsv). Needs python3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rooms=("$@")
if [ "${#rooms[@]}" -eq 0 ]; then rooms=(Bridging Greenlets Waiting); fi
here=$PWD/artifacts/mutation
copy=$here/source
suites=(GreenletBridge.Core.Conformance GreenletBridge.Core.Tests GreenletBridge.Core.Toolbox GreenletBridge.FastMode.Tests)

# Stryker makes the mutants, all in one assembly, of which a variable of the environment selects one. Its own runner starts a whole pass for
# each and loses itself in what runs on behind a test, so it is ended as soon as its assembly is there.
build() {
  rm -rf "$here"
  mkdir -p "$here"
  git clone -q . "$copy"
  (
    cd "$copy"
    dotnet tool restore >/dev/null
    for suite in "${suites[@]}"; do dotnet build "tests/${suite#GreenletBridge.}" -c Release -v quiet -nologo; done
    for suite in "${suites[@]}"; do cp -r "artifacts/bin/$suite/release" "$here/$suite"; done
    local core=artifacts/bin/GreenletBridge.Core.Conformance/release/GreenletBridge.Core.dll
    local plain stryker
    plain=$(stat -c %s "$core")
    cd tests/Core.Conformance
    dotnet stryker --verbosity debug >"$here/stryker.log" 2>&1 &
    stryker=$!
    until grep -q "total mutants will be tested" "$here/stryker.log" && [ "$(stat -c %s "../../$core" 2>/dev/null || echo 0)" -gt "$plain" ]; do
      kill -0 "$stryker" 2>/dev/null || { tail -20 "$here/stryker.log" >&2; exit 1; }
      sleep 1
    done
    cp "../../$core" "$here/mutated.dll"
    # The tool runs as a process of its own below the command
    pkill -P "$stryker" 2>/dev/null || true
    kill "$stryker" 2>/dev/null || true
    wait "$stryker" 2>/dev/null || true
  )
  dotnet run eng/mutant-switch.cs -- "$here/mutated.dll" "$here/switched.dll"
  for suite in "${suites[@]}"; do cp "$here/switched.dll" "$here/$suite/GreenletBridge.Core.dll"; done
}

if [ "${BUILD:-yes}" != no ]; then build; fi
PYTHONUNBUFFERED=1 python3 eng/mutation.py "$here" "${PARALLEL:-2}" "${SAMPLE:-0}" "${SEED:-1}" "${FLOOR:-85}" "${rooms[@]}"
