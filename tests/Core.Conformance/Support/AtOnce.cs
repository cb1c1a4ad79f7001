namespace GreenletBridge.Core.Conformance;

/// <summary>Errors that a call itself throws, rather than the Task it returns.</summary>
internal static class AtOnce
{
    public static T Throws<T>(Action code)
        where T : Exception => Assert.IsType<T>(Record.Exception(code));
}
