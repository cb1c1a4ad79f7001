using System.Net.Sockets;
using System.Text;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What the server spends on an open status page while many greenlets live.</summary>
internal sealed class PageScenario : Scenario
{
    private const int Greenlets = 1_000;
    private const int Rounds = 3;
    private const double Limit = 2;

    // Within the minute for which the greenlets wait. The page's code is compiled while it is open for the first time
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _warm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(6);

    // More than there are greenlets: a server that has no carrier left is busy with that
    private static readonly KeyValuePair<string, string>[] _variables = [new("ASPNETCORE_ENVIRONMENT", "Development"), new("GreenletBridge__Carriers__Max", "2000")];

    public override string Name => "page";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name,
            $"Status page: {Greenlets} live greenlets, {Rounds} interleaved rounds of {_look.TotalSeconds:0} s",
            ["page", "share of one core, %"]);
        using var server = SampleServer.Start(options with { ServerVariables = [.. _variables, .. options.ServerVariables] });
        var waiting = new List<Socket>();
        try
        {
            for (var i = 0; i < Greenlets; i++)
            {
                waiting.Add(Ask(server, "/legacy/wait?ms=60000"));
            }

            var bytes = 0L;
            Open(() => Thread.Sleep(_warm));
            Thread.Sleep(_settle);
            List<double> closed = [], open = [];
            Interleave(Rounds, () => closed.Add(Share(server)), () => Open(() =>
            {
                Thread.Sleep(TimeSpan.FromSeconds(1));
                open.Add(Share(server));
            }));

            var more = open.Zip(closed, (one, other) => one - other).ToList();
            report.Rows.Add(["closed", Figures.Text(closed, "0.00")]);
            report.Rows.Add(["open", Figures.Text(open, "0.00")]);
            report.Rounds["closed"] = closed;
            report.Rounds["open"] = open;
            report.Goals.Add(new Goal("an open page, % of one core", Limit, AtLeast: false, Figures.Median(more), 0));
            report.Notes.Add($"The page got {bytes / 1024} KiB in all; {waiting.Count(socket => socket.Available == 0)} requests still waited at the end.");
            return report;

            void Open(Action meanwhile)
            {
                using var page = Ask(server, "/greenlets/events");
                var reading = Task.Run(() => Drain(page));
                meanwhile();
                page.Shutdown(SocketShutdown.Both);
                bytes += reading.Result;
            }
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    private static Socket Ask(SampleServer server, string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server.EndPoint);
        socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.EndPoint}\r\n\r\n"));
        return socket;
    }

    private static double Share(SampleServer server)
    {
        var before = ProcessCpu.Of(server.ProcessId);
        Thread.Sleep(_look);
        return (ProcessCpu.Of(server.ProcessId) - before) / _look * 100;
    }

    private static long Drain(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        var all = 0L;
        try
        {
            for (int count; (count = socket.Receive(buffer)) > 0;)
            {
                all += count;
            }
        }
        catch (SocketException)
        {
            // Shut down under it
        }

        return all;
    }
}
