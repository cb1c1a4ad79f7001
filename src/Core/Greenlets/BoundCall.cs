namespace GreenletBridge;

/// <summary>A delegate with its arguments, so that its woven form can be found and called in its place.</summary>
/// <param name="body">The user's delegate.</param>
/// <param name="call">Calls it with them.</param>
/// <param name="arguments">Makes the arguments.</param>
internal sealed class BoundCall(Delegate body, Delegate call, Func<object?[]> arguments)
{
    internal Delegate Body => body;

    internal object?[] Arguments => arguments();

    /// <summary>The call itself where nothing was woven, else one by which the woven form is found.</summary>
    internal static Action Of(Delegate body, Action call, Func<object?[]> arguments) => WovenBody.Finder?.Has(body) == true ? new BoundCall(body, call, arguments).Run : call;

    /// <inheritdoc cref="Of(Delegate, Action, Func{object[]})"/>
    internal static Func<T> Of<T>(Delegate body, Func<T> call, Func<object?[]> arguments) => WovenBody.Finder?.Has(body) == true ? new BoundCall(body, call, arguments).Run<T> : call;

    private void Run() => ((Action)call)();

    private T Run<T>() => ((Func<T>)call)();
}
