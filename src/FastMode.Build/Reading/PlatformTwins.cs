using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether woven files of one name, of which the platform takes one when the program starts, have the same twins.</summary>
/// <remarks>Where they have not, nobody may call one: it could be missing in the file that is taken.</remarks>
internal static class PlatformTwins
{
    public static bool AreSame(IReadOnlyList<string> files)
    {
        if (files.Count == 1)
            return true;
        var first = Of(files[0]);
        return files.Skip(1).All(file => first.SetEquals(Of(file)));
    }

    private static HashSet<string> Of(string file)
    {
        using var module = ModuleDefinition.ReadModule(file);
        var hasFriends = TypeMath.HasAttribute(module.Assembly, "System.Runtime.CompilerServices.InternalsVisibleToAttribute");
        return [.. module.GetTypes().Where(type => hasFriends || IsVisible(type)).SelectMany(type => TwinsOf(type, hasFriends)).Select(static twin => twin.FullName)];
    }

    // A twin is internal whatever its method is: the method, right before it, tells who could call it
    private static IEnumerable<MethodDefinition> TwinsOf(TypeDefinition type, bool hasFriends) =>
        from pair in type.Methods.Zip(type.Methods.Skip(1))
        where pair.Second.Name.StartsWith(pair.First.Name + Names.Suffix, StringComparison.Ordinal)
        where hasFriends || pair.First.IsPublic || pair.First.IsFamily || pair.First.IsFamilyOrAssembly
        select pair.Second;

    private static bool IsVisible(TypeDefinition type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType));
}
