using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace GreenletBridge.TestSupport;

/// <summary>Calls every public member that takes something with each thing that it must refuse.</summary>
/// <remarks>
/// What is refused follows from the parameter: null where it is not nullable, a negative time or number, a value that its enumeration does not have. Each
/// must come back as an <see cref="ArgumentException"/> that names the parameter. A parameter of a type that has no rule is a complaint, and
/// so is an exemption that nothing needs: a new member cannot go without a case.
/// </remarks>
/// <param name="good">A value for a type that members accept; it is asked for receivers, too.</param>
/// <param name="exempt">What may take such a value, as "Type.Member(parameter)", with the reason. It must not fail as a bug does even so.</param>
public sealed class InputWalk(Func<Type, object?> good, IReadOnlyDictionary<string, string> exempt)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);
    private readonly NullabilityInfoContext _nullability = new();
    private readonly List<string> _complaints = [];
    private readonly HashSet<string> _used = [];

    /// <summary>How many calls were made.</summary>
    public int Calls { get; private set; }

    /// <summary>Walks over types.</summary>
    /// <returns>What is wrong, a line each.</returns>
    public IReadOnlyList<string> Run(IEnumerable<Type> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        foreach (var type in types.Where(static type => !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type)))
        {
            var closed = type.IsGenericTypeDefinition ? type.MakeGenericType([.. type.GetGenericArguments().Select(static _ => typeof(int))]) : type;
            foreach (var constructor in closed.GetConstructors())
                Walk(closed, constructor, _ => constructor);
            foreach (var method in closed.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                // What cannot be called by compiled code needs no case.
                if (method.GetCustomAttribute<ObsoleteAttribute>() is { IsError: true })
                    continue;
                if (!method.IsSpecialName && method.Name is not (nameof(Equals) or nameof(GetHashCode) or nameof(ToString) or "<Clone>$" or "Deconstruct") && !closed.IsInterface)
                    Walk(closed, method, _ => method.IsGenericMethodDefinition ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(Closing)]) : method);
            }
        }

        _complaints.AddRange(exempt.Keys.Except(_used).Select(static key => $"{key}: exempt, and no such member takes what it should refuse"));
        return _complaints;
    }

    private static Type Closing(Type parameter) => parameter.GetGenericParameterConstraints().FirstOrDefault(static type => type != typeof(ValueType)) ?? typeof(int);

    private void Walk(Type type, MethodBase open, Func<MethodBase, MethodBase> close)
    {
        var method = close(open);
        // As it was written: what a type's own parameter was closed with has no rules.
        var definition = open.Module.ResolveMethod(open.MetadataToken)!;
        var parameters = method.GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            var name = $"{type.Name.Split('`')[0]}.{(method is ConstructorInfo ? "ctor" : method.Name)}({parameters[i].Name})";
            if (BadFor(parameters[i], definition.GetParameters()[i].ParameterType) is not { } bad)
            {
                _complaints.Add($"{name}: no case for a parameter of type {parameters[i].ParameterType}");
                continue;
            }

            foreach (var value in bad)
                Try(type, method, parameters, i, value, name);
        }
    }

    private object?[]? BadFor(ParameterInfo parameter, Type open)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (parameter.IsOut || open.IsGenericParameter || type == typeof(CancellationToken) || type == typeof(bool) || type == typeof(long))
            return [];
        if (type == typeof(TimeSpan))
            return [TimeSpan.FromMilliseconds(-5)];
        if (type == typeof(int))
            return [-5];
        if (type.IsEnum)
            return [Enum.ToObject(type, 99)];
        if (type.IsValueType)
            return null;
        return _nullability.Create(parameter).WriteState == NullabilityState.NotNull ? [null] : [];
    }

    private void Try(Type type, MethodBase method, ParameterInfo[] parameters, int bad, object? value, string name)
    {
        Calls++;
        var isExempt = exempt.ContainsKey(name);
        try
        {
            var arguments = parameters.Select((parameter, i) => i == bad ? value : parameter.IsOut ? null : GoodFor(parameter)).ToArray();
            var target = method.IsStatic || method is ConstructorInfo ? null : good(type) ?? throw new InvalidOperationException($"no {type.Name} to call it on");
            var call = Task.Factory.StartNew(() => Invoke(method, target, arguments), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            if (!call.Wait(_limit))
                _complaints.Add($"{name}: {Shown(value)} is waited for");
            else if (!isExempt)
                _complaints.Add($"{name}: {Shown(value)} is accepted");
        }
        catch (AggregateException e) when (e.InnerException is ArgumentException refused)
        {
            if (refused.ParamName is null or "" && !isExempt)
                _complaints.Add($"{name}: {Shown(value)} is refused without the parameter's name");
            if (isExempt)
                return;
        }
        catch (AggregateException e) when (isExempt && e.InnerException is not (NullReferenceException or InvalidCastException or IndexOutOfRangeException or KeyNotFoundException))
        {
            // Whatever the exemption's reason says.
        }
        catch (Exception e)
        {
            _complaints.Add($"{name}: {Shown(value)} ends as {Told(e is AggregateException { InnerException: { } inner } ? inner : e)}");
        }

        if (isExempt)
            _used.Add(name);
    }

    private object? GoodFor(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (good(type) is { } value)
            return value;
        if (typeof(Delegate).IsAssignableFrom(type))
            return Trivial(type);
        if (parameter.HasDefaultValue || type.IsValueType || _nullability.Create(parameter).WriteState != NullabilityState.NotNull)
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        throw new InvalidOperationException($"no good value for a parameter of type {type}");
    }

    // A function that does nothing and returns the least there is.
    private static Delegate Trivial(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        Expression body = invoke.ReturnType switch
        {
            var t when t == typeof(void) => Expression.Empty(),
            var t when t == typeof(Task) => Expression.Constant(Task.CompletedTask, typeof(Task)),
            { IsGenericType: true } t when t.GetGenericTypeDefinition() == typeof(Task<>) => Expression.Call(typeof(Task), nameof(Task.FromResult), t.GetGenericArguments(), Expression.Default(t.GetGenericArguments()[0])),
            var t => Expression.Default(t),
        };
        return Expression.Lambda(type, body, invoke.GetParameters().Select(static parameter => Expression.Parameter(parameter.ParameterType))).Compile();
    }

    private static void Invoke(MethodBase method, object? target, object?[] arguments)
    {
        try
        {
            var result = method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(target, arguments);
            switch (result)
            {
                case Task task:
                    task.GetAwaiter().GetResult();
                    break;
                case IDisposable disposable when method is ConstructorInfo:
                    disposable.Dispose();
                    break;
                case not null when result.GetType() is { IsValueType: true, Name: "ValueTask" or "ValueTask`1" } type:
                    ((Task)type.GetMethod("AsTask")!.Invoke(result, null)!).GetAwaiter().GetResult();
                    break;
            }
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
    }

    private static string Told(Exception error) => $"{error.GetType().Name}: {error.Message}";

    private static string Shown(object? value) => value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
