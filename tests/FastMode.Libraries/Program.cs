using GreenletBridge.FastMode.Libraries;
using GreenletBridge.FastMode.Tests;

// The tests that a library's makers wrote, on a copy of the library in which every method waits: what passes plainly has to pass in a greenlet.
StressPoint.Every = int.TryParse(Environment.GetEnvironmentVariable("EVERY"), out var every) && every > 0 ? every : 3;
if (args is [TestProcess.Verb, ..])
{
    await TestProcess.RunAsync(args.AsMemory(1));
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
var copy = StressedFolder.Make(file, args[1..]);
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
        Console.WriteLine($"fails as it is: {test}: {error!.Split('\n')[0]}");
    foreach (var test in tell)
        Console.WriteLine($"fails without a greenlet, too: {test}: {copied.Errors[test]!.Split('\n')[0]}");
    foreach (var test in differ)
        Console.WriteLine($"DIFFERS: {test}\n{woven.Errors[test]}");
    Console.WriteLine(
        $"{string.Join(", ", args[1..])}: {plain.Errors.Count} tests, {passes.Count} pass on the library as it is, {passes.Count - tell.Count} on the copy, " +
        $"{passes.Count - tell.Count - differ.Count} of these in greenlets, with {woven.Waits} waits");
    return differ.Count == 0 && passes.Count > 0 ? 0 : 1;
}
finally
{
    Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
}
