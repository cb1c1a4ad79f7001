using System.Diagnostics;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>The woven build of samples/WebApi, beside the plain one.</summary>
internal static class WovenSample
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);

    /// <summary>Builds it if need be.</summary>
    /// <returns>Its assembly.</returns>
    /// <exception cref="BenchmarkException">It cannot be built.</exception>
    public static string Build()
    {
        var artifacts = Path.Combine(SampleServer.RepositoryRoot, "artifacts", "woven");
        using var build = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "build", Path.Combine(SampleServer.RepositoryRoot, "samples", "WebApi"), "-c", "Release", "-v", "q", "-nologo", "-p:GreenletFastMode=true", $"-p:ArtifactsPath={artifacts}" },
            RedirectStandardOutput = true,
        })!;
        var output = build.StandardOutput.ReadToEndAsync();
        if (!build.WaitForExit(_limit))
        {
            build.Kill(entireProcessTree: true);
            throw new BenchmarkException($"The woven sample was not built within {_limit.TotalMinutes:0} minutes.");
        }

        return build.ExitCode == 0
            ? Path.Combine(artifacts, "bin", "WebApi", "release", "WebApi.dll")
            : throw new BenchmarkException($"The woven sample cannot be built:\n{output.GetAwaiter().GetResult()}");
    }
}
