using GreenletBridge.FastMode.Libraries;
using GreenletBridge.FastMode.Tests;

// The tests that a library's makers wrote, on a copy of the library in which every method waits: what passes plainly has to pass in a greenlet.
StressPoint.Every = int.TryParse(Environment.GetEnvironmentVariable("EVERY"), out var every) && every > 0 ? every : 3;
if (args is [TestProcess.Verb, var tests, var inGreenlets, var report])
{
    await TestProcess.RunAsync(tests, bool.Parse(inGreenlets), report);
    return 0;
}

if (args.Length < 2 || !File.Exists(args[0]))
{
    Console.Error.WriteLine("""
        Runs a library's own tests (xunit 2), built as its makers do, as they are and then in greenlets, on a copy in which every method of the library waits.
        usage: dotnet run -c Release --project tests/FastMode.Libraries -- <tests' assembly, where it was built> <library> [<library> ...]
        A library is the name of an assembly that lies beside the tests. EVERY=<n>: one call in n really waits (3). LIBRARIES_TRACE=1 names each test.
        """);
    return 2;
}

var file = Path.GetFullPath(args[0]);
var libraries = args[1..];
if (libraries.Where(l => !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, l + ".dll"))).ToList() is { Count: > 0 } missing)
{
    Console.Error.WriteLine($"error: {string.Join(", ", missing)}: no such assembly beside {Path.GetFileName(file)}; give the name of one without .dll");
    return 2;
}

var copy = StressedFolder.Make(file, libraries);
try
{
    var plain = await TestProcess.StartAsync(file, inGreenlets: false);
    var copied = await TestProcess.StartAsync(copy, inGreenlets: false);
    var woven = await TestProcess.StartAsync(copy, inGreenlets: true);
    var passes = plain.Errors.Where(static p => p.Value is null).Select(static p => p.Key).ToList();
    // They look at the assembly itself: at the methods that it has, at their code
    var tell = passes.Where(t => copied.Errors[t] is not null).ToList();
    var differ = passes.Except(tell).Where(t => woven.Errors[t] is not null).ToList();
    foreach (var test in plain.Left)
        Console.WriteLine($"not run: {test}");
    foreach (var (test, error) in plain.Errors.Where(static p => p.Value is not null))
        Console.WriteLine($"fails as it is: {test}: {Place(error!)}");
    foreach (var test in tell)
        Console.WriteLine($"fails without a greenlet, too: {test}: {Place(copied.Errors[test]!)}");
    foreach (var test in differ)
        Console.WriteLine($"DIFFERS: {test}\n{woven.Errors[test]}");
    var same = passes.Except(tell).Except(differ).ToList();
    Console.WriteLine(
        $"{string.Join(", ", libraries)}: {plain.Errors.Count} tests, {passes.Count} pass on the library as it is, {passes.Count - tell.Count} on the copy, " +
        $"{same.Count} of these in greenlets, {same.Intersect(woven.Woven).Count()} of them woven; {woven.Waits} waits");
    return differ.Count == 0 && passes.Count > 0 ? 0 : 1;
}
finally
{
    Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
}

// What happened, and where first
static string Place(string error) => string.Join(' ', error.Split('\n').Where((line, i) => i == 0 || line.StartsWith("   at ", StringComparison.Ordinal)).Take(2).Select(static line => line.Trim()));
