namespace GreenletBridge.Benchmarks.Http;

/// <summary>How one burst went.</summary>
/// <param name="Requests">Requests released at once.</param>
/// <param name="LastAnswer">Milliseconds from the release to the last answer, or to the end of waiting if answers are missing.</param>
/// <param name="Latencies">Milliseconds from each answered request to its answer, ascending.</param>
/// <param name="Refused">Answers with a status other than 200.</param>
/// <param name="Lost">Connections that closed, broke, or had no answer when waiting ended.</param>
/// <param name="ClientCpu">Processor time of this process during the burst, in milliseconds.</param>
/// <param name="ServerCpu">Processor time of the server during the burst, in milliseconds, to 10 ms.</param>
internal sealed record BurstResult(
    int Requests, double LastAnswer, IReadOnlyList<double> Latencies, int Refused, int Lost, double ClientCpu, double ServerCpu)
{
    public int Failures => Refused + Lost;
}
