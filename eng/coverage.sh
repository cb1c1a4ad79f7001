#!/usr/bin/env bash
# Measures which branches of Core its tests take: prints the share by room and every branch that none takes, and fails below the floor.
# Usage: eng/coverage.sh [test project folder ...]     (all projects that test Core by default)
# FLOOR=<percent> of branches (95 by default; 0: only measure). KEEP=1: what other projects took in earlier runs counts, too.
# The build is one of its own, in artifacts/coverage. Needs python3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
projects=("$@")
if [ "${#projects[@]}" -eq 0 ]; then
  projects=(tests/Core.Tests tests/Core.Conformance tests/Core.Toolbox tests/Core.Stress tests/FastMode.Tests)
fi
results=$PWD/artifacts/coverage/results
options=(-c Release -p:Coverage=true --artifacts-path artifacts/coverage/build -nologo -v quiet)
settings="DataCollectionRunSettings.DataCollectors.DataCollector.Configuration"
if [ "${KEEP:-0}" != 1 ]; then rm -rf "$results"; fi

for project in "${projects[@]}"; do
  dotnet build "$project" "${options[@]}"
done
status=0
for project in "${projects[@]}"; do
  rm -rf "$results/${project##*/}"
  # A test that fails has taken its branches all the same; the run is told as failed at the end.
  dotnet test "$project" --no-build "${options[@]}" --collect "XPlat Code Coverage" --results-directory "$results/${project##*/}" \
    -- "$settings.Include=[GreenletBridge.Core]*" "$settings.Format=json" || status=1
done

python3 - "$results" "$PWD/src/Core" "${FLOOR:-95}" <<'PYTHON' || status=1
import collections, glob, json, os, sys

results, root, floor = sys.argv[1], sys.argv[2], float(sys.argv[3])
branches = collections.Counter()
for name in glob.glob(results + "/**/coverage.json", recursive=True):
    with open(name) as file:
        for module in json.load(file).values():
            for source, types in module.items():
                for methods in types.values():
                    for method, found in methods.items():
                        for branch in found["Branches"]:
                            branches[source, branch["Line"], method, branch["Offset"], branch["Path"], branch["Ordinal"]] += branch["Hits"]
if not branches:
    sys.exit("error: no coverage was collected")
rooms = collections.defaultdict(lambda: [0, 0])
missed = collections.defaultdict(lambda: collections.defaultdict(int))
of = collections.Counter()
for (source, line, *_), hits in sorted(branches.items()):
    place = os.path.relpath(source, root)
    room = rooms[place.split(os.sep)[0]]
    room[0] += hits > 0
    room[1] += 1
    of[place, line] += 1
    if not hits:
        missed[place][line] += 1
print("\nBranches that no test takes (file: line, missed/branches of that line):")
for place, lines in sorted(missed.items()):
    print(f"  {place}: {', '.join(f'{line} {count}/{of[place, line]}' for line, count in sorted(lines.items()))}")
print("\n| room | branches | taken | share |\n|---|---|---|---|")
for room, (taken, all_) in sorted(rooms.items()):
    print(f"| {room} | {all_} | {taken} | {100 * taken / all_:.1f} % |")
taken, all_ = (sum(room[i] for room in rooms.values()) for i in (0, 1))
share = 100 * taken / all_
print(f"| **all** | {all_} | {taken} | {share:.1f} % |")
if share < floor:
    sys.exit(f"error: {share:.1f} % of branches are taken; the floor is {floor:g} %")
PYTHON
exit "$status"
