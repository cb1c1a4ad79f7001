using System.Diagnostics;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Packages;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    /// <summary>The start of a program that knows nothing of the build that runs the tests.</summary>
    public static ProcessStartInfo Start(string program, string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Runs it; its output.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        try
        {
            await Deadline.For(process.WaitForExitAsync(), command, within: _limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var text = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{text}");
        return text;
    }
}
