using System.Reflection;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>Makes the object that a test belongs to as xunit 2 does, with the fixtures of its class and its collection and somewhere to write.</summary>
internal sealed class TestInstance
{
    private readonly Dictionary<Type, object> _fixtures = [];

    public object? Make(MethodInfo test)
    {
        if (test.IsStatic)
            return null;
        var constructor = test.ReflectedType!.GetConstructors()[0];
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Argument(p.ParameterType))]);
    }

    public static async Task BeginAsync(object? instance) => await CallAsync(instance, "InitializeAsync");

    public static async Task EndAsync(object? instance)
    {
        await CallAsync(instance, "DisposeAsync");
        (instance as IDisposable)?.Dispose();
    }

    private static async Task CallAsync(object? instance, string name)
    {
        var lifetime = instance?.GetType().GetInterface("Xunit.IAsyncLifetime");
        if (lifetime?.GetMethod(name)?.Invoke(instance, null) is Task task)
            await task;
    }

    private object Argument(Type type)
    {
        if (type.FullName == "Xunit.Abstractions.ITestOutputHelper")
            return Silence.Of(type);
        if (!_fixtures.TryGetValue(type, out var fixture))
            _fixtures[type] = fixture = Activator.CreateInstance(type)!;
        return fixture;
    }
}
