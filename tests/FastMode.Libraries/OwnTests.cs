using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>Finds the tests that a library's makers wrote, by the attributes of xunit 2.</summary>
internal static class OwnTests
{
    private const int MostParameters = 4;

    /// <summary>The tests of an assembly.</summary>
    /// <param name="assembly">The tests.</param>
    /// <param name="left">Gets the methods that are no case here, and why.</param>
    /// <returns>In the order of their names.</returns>
    public static IReadOnlyList<OwnTest> Of(Assembly assembly, List<string> left)
    {
        var tests = new List<OwnTest>();
        foreach (var type in assembly.GetTypes().Where(static t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            {
                var facts = method.GetCustomAttributesData().Where(static a => Is(a.AttributeType, "Xunit.FactAttribute")).ToList();
                if (facts.Count == 0)
                    continue;
                if (WhyNot(method, facts[0]) is { } reason)
                    left.Add($"{type.FullName}.{method.Name}: {reason}");
                else if (Is(facts[0].AttributeType, "Xunit.TheoryAttribute"))
                    tests.AddRange(Cases(method, left));
                else
                    tests.Add(new OwnTest(method, [], 0));
            }
        }

        return [.. tests.OrderBy(static t => t.Name, StringComparer.Ordinal)];
    }

    private static string? WhyNot(MethodInfo method, CustomAttributeData fact) =>
        fact.NamedArguments.Any(static a => a.MemberName == "Skip" && a.TypedValue.Value is not null) ? "skipped by its makers"
        : method.ContainsGenericParameters ? "generic"
        : method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)) ? "async void: nobody can say when it is over"
        : method.GetParameters().Length > 0 && !Is(fact.AttributeType, "Xunit.TheoryAttribute") ? "another library makes its arguments"
        : method.GetParameters().Length > MostParameters ? $"more than {MostParameters} parameters"
        : method.GetParameters().Any(static p => p.ParameterType.IsByRefLike || p.ParameterType.IsByRef) ? "a parameter by reference"
        : null;

    private static List<OwnTest> Cases(MethodInfo method, List<string> left)
    {
        var cases = new List<OwnTest>();
        try
        {
            foreach (var data in method.GetCustomAttributes().Where(static a => Is(a.GetType(), "Xunit.Sdk.DataAttribute")))
            {
                var rows = (IEnumerable?)data.GetType().GetMethod("GetData", [typeof(MethodInfo)])!.Invoke(data, [method]);
                // A null alone, as one attribute's data, is the array
                foreach (object?[]? row in rows ?? Array.Empty<object>())
                    cases.Add(new OwnTest(method, row ?? [null], cases.Count + 1));
            }
        }
        catch (Exception e)
        {
            left.Add($"{method.DeclaringType!.FullName}.{method.Name}: its data: {e.GetBaseException().Message}");
        }

        return cases;
    }

    private static bool Is(Type? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.FullName == name)
                return true;
        }

        return false;
    }
}
