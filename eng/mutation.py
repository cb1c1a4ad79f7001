"""Runs the tests against each mutant of an assembly that eng/mutation.sh has made, the quickest suite first, until one notices it."""
import collections
import concurrent.futures
import os
import random
import re
import struct
import subprocess
import sys

here, parallel, sample, seed, floor = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
rooms = sys.argv[6:]
results = os.path.join(here, "results.tsv")

# Program, arguments, seconds after which a mutant that hangs the tests counts as noticed, files that it is asked about.
# What one leaves goes to the next. Tests that take long and look for races are left out: they would make it days.
LONG = ["*RaceTests", "*EveryMemberTests", "*ModelTests", "*StressTests"]
SUITES = [
    ("GreenletBridge.Core.Conformance", ["-trait-", "Size=Large", "-class-", "*SelectionTests"], 60, r"^(?!.*(Woven|TurnSource))"),
    ("GreenletBridge.Core.Tests", ["-namespace", "*.Greenlets", "-namespace", "*.Waiting", "-namespace", "*.Bridging", "-namespace", "*.Hubs"], 90, r"^(?!.*(Woven|TurnSource))"),
    ("GreenletBridge.Core.Toolbox", ["-trait-", "Size=Large", "-namespace-", "*Surface*", *(word for name in LONG for word in ("-class-", name))], 120, r"^(?!.*(Woven|TurnSource))"),
    ("GreenletBridge.FastMode.Tests", ["-namespace", "*.Running"], 120, r"Woven|TurnSource"),
]


def mutants():
    """Number -> (file, what was changed), as Stryker wrote them down, without texts and without the overloads that only pass on."""
    found, file, last = {}, None, None
    for line in open(os.path.join(here, "stryker.log"), errors="replace"):
        line = line.rstrip("\n")
        if match := re.search(r"DBG\] Mutating .*/src/Core/(.*)$", line):
            file, last = match.group(1), None
        elif match := re.search(r"DBG\] Mutant (\d+) created (.*)$", line):
            last = int(match.group(1))
            found[last] = [file, match.group(2)]
        elif line.startswith("["):
            last = None
        elif last is not None:
            found[last][1] += " " + line.strip()
    kept = {
        number: (file, " ".join(text.split())) for number, (file, text) in found.items()
        if file and file.split("/")[0] in rooms and "Extensions" not in file and not re.search(r"Mutators\.(Interpolated)?StringMutator|Exception\(", text)
    }
    inner = collections.defaultdict(list)
    for file, text in kept.values():
        if "BlockMutator" not in text:
            inner[file].append(text.split(" -> ")[0])
    # Emptying a block says nothing new where something in the block is changed by itself
    return {
        number: (file, text) for number, (file, text) in kept.items()
        if "BlockMutator" not in text or not any(part in text.split(" -> {}")[0] for part in inner[file])
    }


def compiled():
    """The numbers that the assembly asks for: Stryker takes mutants back that do not compile. ldc.i4 <number>; call IsActive."""
    code = open(os.path.join(here, "mutated.dll"), "rb").read()
    asked = collections.defaultdict(set)
    for match in re.finditer(rb"(?:\x20(....)|\x1f(.)|([\x16-\x1e]))\x28(...\x06)", code, re.S):
        if match.group(1):
            number = struct.unpack("<i", match.group(1))[0]
        elif match.group(2):
            number = match.group(2)[0]
        else:
            number = match.group(3)[0] - 0x16
        asked[match.group(4)].add(number)
    return max(asked.values(), key=len)


def run(number, suite, arguments, limit, _=""):
    chosen = os.path.join(here, f"mutant.{number}")
    with open(chosen, "wb") as file:
        file.write(struct.pack("<i", number))
    program = os.path.join(here, suite, suite + ".dll")
    outcome = "survived"
    try:
        ended = subprocess.run(["dotnet", program, "-noLogo", "-noColor", "-stopOnFail", *arguments], timeout=limit,
                               env={**os.environ, "STRYKER_MUTANT_FILE": chosen}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if ended.returncode:
            outcome = "found"
    except subprocess.TimeoutExpired:
        outcome = "hung"
    os.remove(chosen)
    return number, f"{outcome} {suite.split('.', 1)[1]}"


def main():
    every = mutants()
    active = compiled()
    numbers = sorted(number for number in every if number in active)
    print(f"{len(numbers)} mutants of {', '.join(rooms)}; {len(every) - len(numbers)} more do not compile")
    done = {}
    if os.path.exists(results):
        with open(results) as file:
            done = {int(line.split("\t")[0]): line.split("\t")[1] for line in file}
    random.Random(seed).shuffle(numbers)
    if sample:
        numbers = numbers[:sample]
    with concurrent.futures.ThreadPoolExecutor(parallel) as pool, open(results, "a") as file:
        for place, (suite, *how) in enumerate(SUITES):
            name = suite.split(".", 1)[1]
            passed = {f"survived {one.split('.', 1)[1]}" for one, *_ in SUITES[:place]}
            left = [number for number in numbers if re.search(how[2], every[number][0]) and (number not in done or done[number] in passed)]
            if left and run(-1, suite, *how)[1] != f"survived {name}":
                sys.exit(f"error: {name} fails without any mutant; run it by hand")
            print(f"{name}: {len(left)} mutants", flush=True)
            for ended in concurrent.futures.as_completed([pool.submit(run, number, suite, *how) for number in left]):
                number, outcome = ended.result()
                done[number] = outcome
                file.write(f"{number}\t{outcome}\t{every[number][0]}\t{every[number][1]}\n")
                file.flush()

    table = collections.defaultdict(collections.Counter)
    for number in numbers:
        table[every[number][0].split("/")[0]][done[number].split()[0]] += 1
    print("\n| room | mutants | found | by hanging | left | score |\n|---|---|---|---|---|---|")
    for room, count in sorted(table.items()) + [("**all**", sum(table.values(), collections.Counter()))]:
        total, left_over = sum(count.values()), count["survived"]
        print(f"| {room} | {total} | {count['found']} | {count['hung']} | {left_over} | {100 * (total - left_over) / max(total, 1):.1f} % |")
    print("\nLeft:")
    for number in sorted(number for number in numbers if done[number].startswith("survived")):
        print(f"  {number} {every[number][0]}: {every[number][1][:240]}")
    score = 100 * (1 - sum(done[number].startswith("survived") for number in numbers) / max(len(numbers), 1))
    if score < floor:
        sys.exit(f"error: {score:.1f} % of the mutants are found; the floor is {floor:g} %")


main()
