using System.Reflection;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode.Tests;

/// <summary>Has the runtime compile what was woven: what is not valid IL fails there.</summary>
internal static class EveryTwin
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Compiles every method of the assembly, generic ones for objects and for integers where their constraints allow.</summary>
    /// <param name="assembly">What was woven.</param>
    /// <param name="twinsOnly">Whether only what the weaver added is compiled.</param>
    /// <returns>The twins and frames among them.</returns>
    public static IReadOnlyList<string> Compile(Assembly assembly, bool twinsOnly = false)
    {
        var twins = new List<string>();
        foreach (var type in assembly.GetTypes())
        {
            foreach (var method in type.GetMethods(All).Where(static m => m.GetMethodBody() is not null))
            {
                if (method.Name.Contains(TwinName.Suffix, StringComparison.Ordinal) || typeof(Frame).IsAssignableFrom(type))
                    twins.Add($"{type.FullName}.{method.Name}");
                else if (twinsOnly)
                    continue;
                foreach (var argument in new[] { typeof(string), typeof(int) })
                    Compile(type, method, argument);
            }
        }

        return twins;
    }

    private static void Compile(Type type, MethodInfo method, Type argument)
    {
        try
        {
            var typeArguments = Enumerable.Repeat(argument.TypeHandle, type.GetGenericArguments().Length + (method.IsGenericMethodDefinition ? method.GetGenericArguments().Length : 0)).ToArray();
            if (typeArguments.Length == 0)
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            else
                RuntimeHelpers.PrepareMethod(method.MethodHandle, typeArguments);
        }
        catch (Exception e) when (e.Message.Contains("violates the constraint", StringComparison.Ordinal))
        {
            // The constraints do not allow it.
        }
    }
}
