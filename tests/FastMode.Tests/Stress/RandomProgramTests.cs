using System.Globalization;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Stress;

/// <summary>Programs made of numbers do the same plain and woven, alone and many at once.</summary>
public sealed class RandomProgramTests
{
    private const int InOneAssembly = 10;

    // More by FASTMODE_PROGRAMS, others by FASTMODE_SEED
    private static readonly int _count = Setting("FASTMODE_PROGRAMS", 20);
    private static readonly int _first = Setting("FASTMODE_SEED", 1);

    [Fact]
    public async Task Program_PlainAndWoven_GivesTheSame()
    {
        await using var hub = new Hub(new HubOptions { Name = "programs" });
        hub.Start();
        for (var first = _first; first < _first + _count; first += InOneAssembly)
        {
            var seeds = Enumerable.Range(first, InOneAssembly).ToList();
            var source = ProgramWriter.Head + string.Concat(seeds.Select(static seed => new ProgramWriter(seed).Write()));
            var code = CaseAssembly.Make(source, optimize: first / InOneAssembly % 2 == 0);
            EveryTwin.Compile(code.Woven, twinsOnly: true);
            foreach (var seed in seeds)
            {
                var name = $"P{seed}.Go";
                Assert.NotNull(Delegates.Find(CaseAssembly.CaseOf(code.Woven, name)));
                var plain = await Run(hub, CaseAssembly.CaseOf(code.Plain, name), seed);
                var woven = await Run(hub, CaseAssembly.CaseOf(code.Woven, name), seed);
                Assert.True(plain == woven, $"program {seed} (FASTMODE_SEED={seed}), plain and woven:\n{plain}\n{woven}\n{new ProgramWriter(seed).Write()}");
            }
        }
    }

    private static Task<string> Run(Hub hub, Func<string> code, int seed) =>
        Deadline.For(hub.Bridge.AsTask(hub.Spawn(code)), $"program {seed}", () => hub.Snapshot().ToString());

    private static int Setting(string name, int value) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : value;
}
