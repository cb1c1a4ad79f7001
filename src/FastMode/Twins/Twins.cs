using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>Finds the twin of a method by reflection; the callers keep what they were told.</summary>
internal static class Twins
{
    /// <summary>The twin that runs in place of the method; null when there is none.</summary>
    internal static MethodInfo? Of(MethodBase method)
    {
        if (method is not MethodInfo { DeclaringType: { } type } || !WovenAssemblies.Contains(method.Module))
            return null;
        var open = OpenTwin(method);
        if (open is null)
            return null;
        var twin = (MethodInfo)MethodBase.GetMethodFromHandle(open.MethodHandle, type.TypeHandle)!;
        return method.IsGenericMethod && !method.IsGenericMethodDefinition ? twin.MakeGenericMethod(method.GetGenericArguments()) : twin;
    }

    /// <summary>Whether <paramref name="twin"/> stands for <paramref name="method"/>.</summary>
    internal static bool IsPair(MethodBase method, MethodBase twin) =>
        method.Module == twin.Module && WovenAssemblies.Contains(method.Module) && twin.MetadataToken == method.MetadataToken + 1 && HasName(method, twin);

    private static MethodBase? OpenTwin(MethodBase method)
    {
        try
        {
            // Its arguments do not matter: a definition is asked for.
            var candidate = method.Module.ResolveMethod(method.MetadataToken + 1);
            return candidate is not null && candidate.DeclaringType is { } type && type.MetadataToken == method.DeclaringType!.MetadataToken && HasName(method, candidate)
                ? candidate
                : null;
        }
        catch (ArgumentException)
        {
            // The last method of the assembly.
            return null;
        }
    }

    // Twins of overloads may be told apart by a number.
    private static bool HasName(MethodBase method, MethodBase twin) =>
        twin.Name.StartsWith(method.Name, StringComparison.Ordinal) && twin.Name.AsSpan(method.Name.Length).StartsWith(TwinName.Suffix, StringComparison.Ordinal);
}
