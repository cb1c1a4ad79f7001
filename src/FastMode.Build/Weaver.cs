using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Rewrites one assembly: adds to each method from which a wait can be reached a twin that can wait without a thread.</summary>
/// <remarks>The methods themselves stay as they are. Who calls them calls plain code.</remarks>
public sealed class Weaver
{
    private readonly WeaverOptions _options;

    /// <summary>Creates it.</summary>
    /// <param name="options">What to weave.</param>
    public Weaver(WeaverOptions options) => _options = options;

    /// <summary>Weaves and writes the output.</summary>
    /// <returns>What became of the methods.</returns>
    /// <exception cref="WeaveException">The assembly is left alone, for the reason that the message tells; no output was written.</exception>
    public WeaveResult Weave()
    {
        using var resolver = new ReferenceResolver(_options.References);
        using var input = InputAssembly.Read(_options.Input, resolver);
        try
        {
            return Weave(input, resolver);
        }
        catch (Exception e) when (e is not (WeaveException or IOException or UnauthorizedAccessException))
        {
            throw new WeaveException($"{Path.GetFileName(_options.Input)} is not woven: the weaver failed ({e.GetType().Name}: {e.Message}). Exclude the method with [NoWeave] if the message names one, and report it.");
        }
    }

    private WeaveResult Weave(InputAssembly input, ReferenceResolver resolver)
    {
        var module = input.Assembly.MainModule;
        var runtimeModule = resolver.Resolve(new AssemblyNameReference("GreenletBridge.FastMode", new Version()))?.MainModule
            ?? throw new WeaveException($"{Path.GetFileName(_options.Input)} is not woven: it does not refer to GreenletBridge.FastMode, which woven code needs. Add the package or project reference.");
        var slots = new SlotTable(module);
        var woven = new WovenReferences();
        var analyzer = new MethodAnalyzer(new PrimitiveTable(runtimeModule), new PairTable(_options.Pairs), slots, woven);
        var methods = module.GetTypes().SelectMany(static t => t.Methods).Where(static m => m.HasBody).ToList();
        MethodShape.RefuseContradictions(methods);
        analyzer.Survey(methods);
        var plans = methods.ConvertAll(analyzer.Analyze);
        var colours = new Colours(plans, slots, woven);
        // Before anything is written: the report names the methods as the user wrote them.
        var report = PinReport.Make(plans, colours);
        Write(module, runtimeModule, slots, woven, plans, colours);
        input.Write(_options.Output);
        return new WeaveResult(plans.Count(static p => p.IsWoven), plans.Count, report);
    }

    private static void Write(ModuleDefinition module, ModuleDefinition runtimeModule, SlotTable slots, WovenReferences woven, List<MethodPlan> plans, Colours colours)
    {
        var runtime = new Runtime(module, runtimeModule);
        var guards = new GuardTable(module, runtime);
        var byMethod = plans.ToDictionary(static p => p.Method);
        var twins = new TwinTable(module, runtime, slots, woven, m => byMethod.TryGetValue(m, out var plan) && plan.LeavesAffine);
        twins.Declare(plans);
        foreach (var plan in plans.Where(static p => p.IsWoven))
            new TwinWriter(plan, module, runtime, twins, guards, site => colours.LeavesAffine(site.Kind, site.Target)).Write();
        foreach (var plan in plans)
            plan.Lowering?.Undo();
        new Forwarders(module, runtime, twins).Write();
        guards.Finish();
        AccessToTwins.Grant(module, woven.Used);
    }
}
