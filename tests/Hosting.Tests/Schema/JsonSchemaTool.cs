using System.ComponentModel;
using System.Diagnostics;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Schema;

/// <summary>The validator of python3-jsonschema, a program of its own: what an editor would say of a file.</summary>
internal static class JsonSchemaTool
{
    private const string Program = "jsonschema";
    private const string Head = "===[";

    /// <summary>What is wrong with each file, one run for all of them, as the program's start takes longest; empty if nothing is.</summary>
    public static async Task<IReadOnlyList<string>> ErrorsOfAsync(params IReadOnlyList<string> files)
    {
        var folder = Directory.CreateTempSubdirectory("schema").FullName;
        try
        {
            var paths = files.Select((_, i) => Path.Combine(folder, $"{i}.json")).ToList();
            for (var i = 0; i < files.Count; i++)
            {
                await File.WriteAllTextAsync(paths[i], files[i], TestContext.Current.CancellationToken);
            }

            var output = await RunAsync(["--output", "pretty", .. paths.SelectMany(path => (string[])["-i", path]), Repository.PathOf("appsettings.schema.json")]);
            var parts = output.Split(Head).Skip(1).ToList();
            return [.. paths.Select(path => string.Concat(parts.Where(part => part.Contains($"({path})", StringComparison.Ordinal)) is var found && found.Any()
                ? found.Where(part => !part.StartsWith("SUCCESS", StringComparison.Ordinal))
                : throw new InvalidOperationException($"The validator said nothing of {path}:\n{output}")))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Deadline.For(process.WaitForExitAsync(TestContext.Current.CancellationToken), "the validator");
            return await output + await errors;
        }
        catch (Win32Exception)
        {
            Assert.Skip("jsonschema is not installed (Debian: apt-get install python3-jsonschema)");
            throw;
        }
    }
}
