"""Runs the tests against each mutant of an assembly that eng/mutation.sh has made: those that reach it, the quickest first, until one notices."""
import collections
import concurrent.futures
import json
import os
import random
import re
import struct
import subprocess
import sys
import time

here, parallel, sample, seed, floor = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
rooms = sys.argv[6:]
results = os.path.join(here, "results.tsv")
reached = os.path.join(here, "reached.json")

# Test programs, what of them is left out (it runs other programs, or takes long and looks for races), files that they are asked about.
# What one leaves goes to the next.
SUITES = [
    ("Core.Conformance", ["-trait-", "Size=Large", "-class-", "*SelectionTests"], r"^(?!.*(Woven|TurnSource))"),
    ("Core.Tests", ["-trait-", "Size=Large"], r"^(?!.*(Woven|TurnSource))"),
    ("Core.Toolbox", ["-trait-", "Size=Large", "-namespace-", "*Surface*", "-class-", "*ModelTests"], r"^(?!.*(Woven|TurnSource))"),
    ("FastMode.Tests", ["-namespace", "*.Running"], r"Woven|TurnSource|BoundCall|BlockingBody|Lifecycle|Greenlet\.Waits"),
]
# Classes that take longer than this on the changed assembly, in seconds, are not asked.
LONGEST = 25
# So many seconds of tests are run by one process, whose own start takes the next; it counts as hung after eight and four times what they take.
SHARE = 6
START = 0.5


def start(suite, arguments, mutant, limit, seen=""):
    """Runs tests: "passed", "found" or "hung"."""
    program = os.path.join(here, "GreenletBridge." + suite, f"GreenletBridge.{suite}.dll")
    try:
        ended = subprocess.run(
            ["dotnet", program, "-noLogo", "-noColor", "-stopOnFail", *arguments], timeout=limit,
            env={**os.environ, "MUTANT": str(mutant), "TEST_DEADLINE": "8", **({"MUTANTS_SEEN": seen} if seen else {})},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return "found" if ended.returncode else "passed"
    except subprocess.TimeoutExpired:
        return "hung"


def reach(suite, arguments):
    """Class -> (seconds, mutants it asks for), of the classes that pass on the changed assembly without any mutant."""
    program = os.path.join(here, "GreenletBridge." + suite, f"GreenletBridge.{suite}.dll")
    listed = subprocess.run(["dotnet", program, "-noLogo", "-noColor", "-list", "classes", *arguments], capture_output=True, text=True, check=True)
    classes = [line.strip() for line in listed.stdout.splitlines() if line.startswith("GreenletBridge.")]

    def ask(one):
        seen = os.path.join(here, "seen." + one)
        # One that fails is asked twice: the machine has other work
        for _ in range(2):
            began = time.monotonic()
            outcome = start(suite, [*arguments, "-class", one], -1, LONGEST, seen)
            if outcome != "found":
                break
        took = time.monotonic() - began
        numbers = []
        if os.path.exists(seen):
            with open(seen, "rb") as file:
                numbers = [number for number, byte in enumerate(file.read()) if byte]
            os.remove(seen)
        return one, outcome, took, numbers

    asked = {}
    with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
        for one, outcome, took, numbers in pool.map(ask, classes):
            if outcome == "passed":
                asked[one] = (round(max(took - START, 0.05), 2), numbers)
            else:
                print(f"{suite}: not asked: {one.split('.')[-1]}, {'longer than ' + str(LONGEST) + ' s' if outcome == 'hung' else 'fails'} without any mutant")
    return asked


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


def shares(classes, number):
    """The classes of a program that reach a mutant, the quickest first, in lists that take about as long."""
    lists = []
    for one, (took, numbers) in sorted(classes.items(), key=lambda item: item[1][0]):
        if number not in numbers:
            continue
        if not lists or lists[-1][1] + took > SHARE:
            lists.append(([], 0))
        chosen, seconds = lists[-1]
        lists[-1] = ([*chosen, one], seconds + took)
    return lists


def run(number, file, reach_of):
    """What the tests say of a mutant, and which program."""
    asked = False
    for suite, arguments, concerned in SUITES:
        if not re.search(concerned, file):
            continue
        for classes, seconds in shares(reach_of[suite], number):
            asked = True
            outcome = start(suite, [*arguments, *(word for one in classes for word in ("-class", one))], number, 8 + 4 * seconds)
            if outcome != "passed":
                return number, f"{outcome} {suite}"
    return number, "survived all" if asked else "survived unreached"


def main():
    every = mutants()
    active = compiled()
    numbers = sorted(number for number in every if number in active)
    print(f"{len(numbers)} mutants of {', '.join(rooms)}; {len(every) - len(numbers)} more do not compile", flush=True)
    if not os.path.exists(reached):
        found = {suite: reach(suite, arguments) for suite, arguments, _ in SUITES}
        with open(reached, "w") as file:
            json.dump(found, file)
    with open(reached) as file:
        reach_of = {suite: {one: (took, set(asked)) for one, (took, asked) in classes.items()} for suite, classes in json.load(file).items()}
    done = {}
    if os.path.exists(results):
        with open(results) as file:
            done = {int(line.split("\t")[0]): line.split("\t")[1] for line in file}
    random.Random(seed).shuffle(numbers)
    if sample:
        numbers = numbers[:sample]
    left = [number for number in numbers if number not in done]
    print(f"{len(left)} to be asked", flush=True)
    with concurrent.futures.ThreadPoolExecutor(parallel) as pool, open(results, "a") as file:
        for ended in concurrent.futures.as_completed([pool.submit(run, number, every[number][0], reach_of) for number in left]):
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
