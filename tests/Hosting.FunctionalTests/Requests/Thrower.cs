using System.Diagnostics;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>Handlers that fail, some calls deep, and keep what they threw.</summary>
internal sealed class Thrower(Func<Exception> makeException)
{
    public Exception? Thrown { get; private set; }

    public string Throw() => First();

    public async Task<string> ThrowAsync()
    {
        await Task.Yield();
        return First();
    }

    /// <summary>Frames of an exception that are of this class, innermost first.</summary>
    public static IReadOnlyList<string> Frames(Exception exception) =>
        [.. new StackTrace(exception).GetFrames()
            .Select(frame => frame.GetMethod()!)
            .Where(method => method.DeclaringType == typeof(Thrower) || method.DeclaringType?.DeclaringType == typeof(Thrower))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")];

    private string First() => Second();

    private string Second()
    {
        Task.Run(static () => { }).Wait();
        throw Thrown = makeException();
    }
}
