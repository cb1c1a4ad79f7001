using System.Collections.Concurrent;
using System.Reflection;

namespace GreenletBridge;

/// <summary>Names of methods as people wrote them: without what the compiler made of lambdas and local functions.</summary>
internal static class MethodText
{
    private static readonly ConcurrentDictionary<MethodInfo, string> _names = new();

    internal static string Of(MethodInfo method) => _names.GetOrAdd(method, static m => Make(m));

    private static string Make(MethodInfo method)
    {
        var type = method.DeclaringType;
        // Closures and state machines are types in the type that somebody wrote.
        while (type is { Name: ['<', ..], DeclaringType: { } outer })
            type = outer;
        var name = Written(method.Name);
        return type is null ? name : $"{type.Name}.{name}";
    }

    // <Outer>b__0_1 is a lambda in Outer, <Outer>g__Local|0_0 a local function.
    private static string Written(string name)
    {
        var end = name.StartsWith('<') ? name.IndexOf('>', StringComparison.Ordinal) : -1;
        if (end < 0)
            return name;
        var outer = name[1..end];
        var rest = name[(end + 1)..];
        var local = rest.StartsWith("g__", StringComparison.Ordinal) ? rest[3..].Split('|')[0] : "lambda";
        return $"{outer}.{local}";
    }
}
