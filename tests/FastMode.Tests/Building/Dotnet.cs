using System.Diagnostics;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Building;

/// <summary>Runs the SDK in a folder, as a user does.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    /// <summary>Its output; it has to end without an error.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var (code, text) = await EndAsync(folder, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{text}");
        return text;
    }

    /// <summary>Its output; it has to end with an error.</summary>
    public static async Task<string> FailAsync(string folder, params string[] arguments)
    {
        var (code, text) = await EndAsync(folder, arguments);
        Assert.True(code != 0, $"dotnet {string.Join(' ', arguments)} ended without an error:\n{text}");
        return text;
    }

    private static async Task<(int Code, string Text)> EndAsync(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // It knows nothing of the build that runs the tests, and no node of it outlives them
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Deadline.For(process.WaitForExitAsync(TestContext.Current.CancellationToken), $"dotnet {arguments[0]}", within: _limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }
}
