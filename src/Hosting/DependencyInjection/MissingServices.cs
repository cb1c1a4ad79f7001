namespace GreenletBridge.Hosting;

/// <summary>The error of a call that needs the services.</summary>
internal static class MissingServices
{
    public static string Message(string call) => $"{call} needs the services of GreenletBridge: call services.AddGreenletBridge() first.";

    public static InvalidOperationException Needs(string call) => new(Message(call));
}
