using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Assemblies in the order in which they have to be woven: one that is referred to before who refers to it.</summary>
internal static class ReferenceOrder
{
    /// <summary>Files of one name stand together: a package may have one for each platform.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Sort(IReadOnlyList<string> files)
    {
        var byName = files.GroupBy(static f => Path.GetFileNameWithoutExtension(f), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static g => g.Key, static g => g.ToList(), StringComparer.OrdinalIgnoreCase);
        var sorted = new List<IReadOnlyList<string>>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in byName.Keys)
            Visit(name);
        return sorted;

        void Visit(string name)
        {
            if (!byName.TryGetValue(name, out var same) || !seen.Add(name))
                return;
            foreach (var reference in same.SelectMany(ReferencesOf))
                Visit(reference);
            sorted.Add(same);
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
