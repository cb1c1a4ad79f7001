using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// dotnet run -c Release --project benchmarks/Micro -- --filter "*": time and allocation of each hot path.
// In this process: a program that the tool generates elsewhere would not have this repository's build settings.
var config = DefaultConfig.Instance
    .WithArtifactsPath(Path.Combine("artifacts", "micro"))
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
