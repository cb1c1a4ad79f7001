using System.Reflection;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>Runs a library's tests one after the other and keeps what came of each.</summary>
internal static class Runs
{
    // Longer than any test of theirs takes; what needs more has lost its way.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private static readonly bool _isTraced = Environment.GetEnvironmentVariable("LIBRARIES_TRACE") == "1";
    private static readonly MethodInfo[] _conversions = typeof(SyncToAsyncExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static);

    /// <summary>What came of each test: null when it passed, else the error.</summary>
    /// <param name="tests">The tests.</param>
    /// <param name="bridge">Runs them in its greenlets; null for plain calls.</param>
    /// <returns>By the test's name.</returns>
    public static async Task<IReadOnlyDictionary<string, string?>> AllAsync(IEnumerable<OwnTest> tests, IGreenletBridge? bridge)
    {
        var results = new Dictionary<string, string?>();
        var instances = new TestInstance();
        foreach (var test in tests)
        {
            if (_isTraced)
                Console.Error.WriteLine(test.Name);
            var run = Task.Run(() => OneAsync(test, instances, bridge));
            await ((Task)run).WaitAsync(_limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            results[test.Name] = run.IsCompleted ? (await run)?.ToString() : $"not over after {_limit.TotalSeconds} s";
        }

        return results;
    }

    private static async Task<Exception?> OneAsync(OwnTest test, TestInstance instances, IGreenletBridge? bridge)
    {
        try
        {
            var instance = instances.Make(test.Method);
            try
            {
                await TestInstance.BeginAsync(instance);
                var body = test.On(instance);
                var result = (bridge is null ? body : Convert(bridge, body)).DynamicInvoke(test.Fitting());
                await Ended(result);
            }
            finally
            {
                await TestInstance.EndAsync(instance);
            }

            return null;
        }
        catch (Exception e)
        {
            return e is TargetInvocationException { InnerException: { } inner } ? inner : e;
        }
    }

    // A converted function that returns a task gives a task of that task
    private static async Task Ended(object? result)
    {
        while (result is Task or ValueTask)
        {
            var task = result as Task ?? ((ValueTask)result).AsTask();
            await task;
            result = task.GetType().GetProperty("Result")?.GetValue(task);
        }
    }

    private static Delegate Convert(IGreenletBridge bridge, Delegate body)
    {
        var type = body.GetType();
        foreach (var conversion in _conversions)
        {
            var taken = conversion.GetParameters()[1].ParameterType;
            var arguments = type.GenericTypeArguments;
            if (taken == type)
                return (Delegate)conversion.Invoke(null, [bridge, body, null])!;
            if (conversion.IsGenericMethodDefinition && type.IsGenericType && taken.GetGenericTypeDefinition() == type.GetGenericTypeDefinition()
                && taken.GenericTypeArguments.All(static a => a.IsGenericParameter) && conversion.GetGenericArguments().Length == arguments.Length)
                return (Delegate)conversion.MakeGenericMethod(arguments).Invoke(null, [bridge, body, null])!;
        }

        throw new NotSupportedException($"no conversion takes {type}");
    }
}
