using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Tests;

/// <summary>A copy of a library in which every method may wait: a <see cref="StressPoint"/> is its first call.</summary>
internal static class StressCopy
{
    public static IReadOnlyDictionary<string, string> Pairs { get; } = new Dictionary<string, string>
    {
        ["GreenletBridge.FastMode.Tests.StressPoint.Reach"] = "GreenletBridge.FastMode.Tests.StressPoint.ReachAsync",
    };

    public static void Write(string library, string output, IEnumerable<string> references)
    {
        using var resolver = new DefaultAssemblyResolver();
        foreach (var folder in references.Select(Path.GetDirectoryName).Distinct())
            resolver.AddSearchDirectory(folder);
        using var module = ModuleDefinition.ReadModule(library, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
        var point = module.ImportReference(typeof(StressPoint).GetMethod(nameof(StressPoint.Reach)));
        foreach (var method in module.GetTypes().SelectMany(static t => t.Methods).Where(static m => m.HasBody && !(m.IsConstructor && (m.IsStatic || m.DeclaringType.IsValueType))))
        {
            var il = method.Body.GetILProcessor();
            il.InsertBefore(method.Body.Instructions[0], il.Create(OpCodes.Call, point));
        }

        module.Write(output);
    }
}
