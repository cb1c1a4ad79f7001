using System.Globalization;
using System.Reflection;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>A test of a library with its arguments.</summary>
internal sealed record OwnTest(MethodInfo Method, object?[] Arguments, int Number)
{
    public string Name => $"{Method.DeclaringType!.FullName}.{Method.Name}" + (Number > 0 ? $"#{Number}" : "");

    /// <summary>The method as a delegate of an instance, whose type is an action or a function with its parameters.</summary>
    public Delegate On(object? instance)
    {
        var parameters = Method.GetParameters().Select(static p => p.ParameterType).Append(Method.ReturnType).ToArray();
        return Method.CreateDelegate(System.Linq.Expressions.Expression.GetDelegateType(parameters), Method.IsStatic ? null : instance);
    }

    /// <summary>Arguments as the method takes them: numbers of another type are turned into its own, as its runner does.</summary>
    public object?[] Fitting() =>
        [.. Method.GetParameters().Select((p, i) => i < Arguments.Length ? Fit(Arguments[i], p.ParameterType) : p.DefaultValue)];

    private static object? Fit(object? value, Type type) =>
        value is null || type.IsInstanceOfType(value) ? value
        : type.IsEnum ? Enum.ToObject(type, value)
        : Convert.ChangeType(value, Nullable.GetUnderlyingType(type) ?? type, CultureInfo.InvariantCulture);
}
