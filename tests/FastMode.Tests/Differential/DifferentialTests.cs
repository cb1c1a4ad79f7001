using GreenletBridge.FastMode.Build;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Differential;

/// <summary>Each case gives the same plain and woven.</summary>
public sealed class DifferentialTests
{
    private const string NeverSuspend =
        "DelegateCases.Lazy GenericVirtualCases.ThroughTypeParameters IteratorCases.Linq PinCases.Fixed PinCases.Iterators "
        + "PinCases.Spans "
        + "PointerCases.AsPointer PointerCases.Constrained PointerCases.KeptAsANumber PointerCases.KeptElsewhere PointerCases.OfAParameter "
        + "PointerCases.OfAStruct PointerCases.OfAStructByAPointer PointerCases.ToTheStack PointerCases.ToWhatMoves RefCases.RefLocal StackCases.Mixed";

    private static readonly Dictionary<bool, Lazy<CaseAssembly>> _assemblies = new()
    {
        [true] = new(static () => CaseAssembly.Make(CaseAssembly.SourcesOf("Basics.cs", "References.cs", "Finally.cs", "Reach.cs", "Linq.cs", "Pointers.cs"), optimize: true)),
        [false] = new(static () => CaseAssembly.Make(CaseAssembly.SourcesOf("Basics.cs", "References.cs", "Finally.cs", "Reach.cs", "Linq.cs", "Pointers.cs"), optimize: false)),
    };

    public static TheoryData<string, bool> Cases()
    {
        var data = new TheoryData<string, bool>();
        foreach (var optimize in new[] { true, false })
        {
            foreach (var name in CaseAssembly.CasesOf(_assemblies[optimize].Value.Plain))
                data.Add(name, optimize);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_PlainAndWoven_GivesTheSame(string name, bool optimize)
    {
        var assembly = _assemblies[optimize].Value;
        using var hub = new Hub(new HubOptions { Name = name });
        hub.Start();
        var plain = await Run(hub, CaseAssembly.CaseOf(assembly.Plain, name));
        var code = CaseAssembly.CaseOf(assembly.Woven, name);
        var woven = await Run(hub, code);
        Assert.Equal(plain, woven);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cases_OfTheWovenAssembly_HaveTwins(bool optimize)
    {
        var assembly = _assemblies[optimize].Value;
        var without = CaseAssembly.CasesOf(assembly.Woven).Where(name => Delegates.Find(CaseAssembly.CaseOf(assembly.Woven, name)) is null);

        // All that they wait in is pinned
        var names = string.Join(' ', without.Order(StringComparer.Ordinal));
        Assert.True(names == NeverSuspend, names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Twins_OfTheWovenAssembly_AreCompiled(bool optimize)
    {
        var assembly = _assemblies[optimize].Value;
        Assert.NotEmpty(EveryTwin.Compile(assembly.Woven));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FinallyBlocks_AndUsings_AreNotPinned(bool optimize)
    {
        var pins = _assemblies[optimize].Value.Result.Report.Pins.Where(static p => p.Method.Contains("FinallyCases", StringComparison.Ordinal) || p.Method.Contains("UsingCases", StringComparison.Ordinal));

        Assert.Empty(pins.Select(static p => p.ToString()));
    }

    private static async Task<string> Run(Hub hub, Func<string> code)
    {
        try
        {
            return await Deadline.For(hub.Bridge.AsTask(hub.Spawn(code)), "the case", () => hub.Snapshot().ToString());
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }
}
