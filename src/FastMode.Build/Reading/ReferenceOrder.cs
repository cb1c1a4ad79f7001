using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Assemblies in the order in which they have to be woven: one that is referred to before who refers to it.</summary>
internal static class ReferenceOrder
{
    public static IReadOnlyList<string> Sort(IReadOnlyList<string> files)
    {
        var references = files.ToDictionary(static f => Path.GetFileNameWithoutExtension(f), ReferencesOf, StringComparer.OrdinalIgnoreCase);
        var byName = files.ToDictionary(static f => Path.GetFileNameWithoutExtension(f), StringComparer.OrdinalIgnoreCase);
        var sorted = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in byName.Keys)
            Visit(name);
        return sorted;

        void Visit(string name)
        {
            if (!byName.TryGetValue(name, out var file) || !seen.Add(name))
                return;
            foreach (var reference in references[name])
                Visit(reference);
            sorted.Add(file);
        }
    }

    private static List<string> ReferencesOf(string file)
    {
        try
        {
            using var module = ModuleDefinition.ReadModule(file);
            return [.. module.AssemblyReferences.Select(static r => r.Name)];
        }
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            // Who weaves it says what is wrong with it.
            return [];
        }
    }
}
