using System.Reflection;
using System.Runtime.CompilerServices;
using GreenletBridge.FastMode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>Has the woven form of a minimal API handler run in place of the handler, where there is one.</summary>
/// <remarks>
/// As an endpoint filter that is the last one: it stands in front of the handler itself and calls the woven form with the arguments that were bound.
/// A filter that was added later stands between; then the handler runs as it is.
/// </remarks>
internal static class WovenHandlers
{
    public static void AddTo(EndpointBuilder endpoint)
    {
        if (!WovenMethod.AnyExists)
            return;
        Func<EndpointFilterFactoryContext, EndpointFilterDelegate, EndpointFilterDelegate>? factory = null;
        factory = (context, next) => ReferenceEquals(endpoint.FilterFactories[^1], factory) ? Make(endpoint, context.MethodInfo, next) : next;
        // On a group and on its endpoint: once is enough, and the last counts.
        endpoint.FilterFactories.Add(factory);
    }

    private static EndpointFilterDelegate Make(EndpointBuilder endpoint, MethodInfo handler, EndpointFilterDelegate next)
    {
        if (!TryFindTarget(endpoint, handler, out var target) || WovenForm.Of(handler) is not { } woven)
            return next;
        var isVoid = handler.ReturnType == typeof(void);
        return context =>
        {
            if (!WovenMethod.CanInvoke)
                return next(context);
            var value = woven.InvokeAsync(target, [.. context.Arguments]);
            return isVoid ? Empty(value) : value;
        };
    }

    private static async ValueTask<object?> Empty(ValueTask<object?> end)
    {
        await end;
        return Results.Empty;
    }

    /// <summary>What a handler is called on: nothing, the one object that the compiler made for all lambdas that capture nothing, or what MapGreenlet was given.</summary>
    private static bool TryFindTarget(EndpointBuilder endpoint, MethodInfo handler, out object? target)
    {
        target = null;
        if (handler.IsStatic)
            return true;
        if (endpoint.Metadata.OfType<HandlerTarget>().LastOrDefault() is { } known && known.Method == handler)
        {
            target = known.Target;
            return target is not null;
        }

        if (handler.DeclaringType is not { IsGenericType: false } type || !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            return false;
        target = type.GetField("<>9", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null);
        return target is not null;
    }
}
