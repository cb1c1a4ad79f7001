#!/usr/bin/env bash
# Runs the tests of fast mode under each setting of the just-in-time compiler that changes what a rewritten method becomes; stops at the first failure.
# Usage: eng/jit-settings.sh [arguments of the test program, such as -namespace "*.Running"]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=tests/FastMode.Tests

dotnet build "$project" -c Release -v quiet -nologo
program=$(dotnet msbuild "$project" -p:Configuration=Release -getProperty:TargetPath)

# As it comes (quick code first, replaced while it runs); optimized at once; without profiles; quick code for ever; nothing precompiled
settings=("" DOTNET_TieredCompilation=0 DOTNET_TieredPGO=0 DOTNET_JITMinOpts=1 DOTNET_ReadyToRun=0)
for setting in "${settings[@]}"; do
  began=$SECONDS
  # shellcheck disable=SC2086 -- empty: no setting
  result=$(env $setting dotnet "$program" -noLogo -noColor "$@" | tee /dev/stderr | grep -o 'Total: .*') || { echo "failed with ${setting:-the default}" >&2; exit 1; }
  if [[ $result == "Total: 0"* ]]; then echo "no test has that name" >&2; exit 1; fi
  echo "${setting:-as it comes}: $result ($((SECONDS - began)) s)"
done 2>artifacts/jit-settings.log
