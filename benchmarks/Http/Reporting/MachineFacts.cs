using System.Runtime.InteropServices;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What the figures were taken on.</summary>
internal sealed record MachineFacts(int Processors, string Runtime, string System, string Architecture, DateTime TakenAtUtc)
{
    public static MachineFacts Read() => new(
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        DateTime.UtcNow);
}
