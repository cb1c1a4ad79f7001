using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Shutdown;

/// <summary>The sample as a process of its own, so that it can be sent a signal.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sample").FullName;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly int _protocol;

    private SampleProcess(int protocol, params (string Key, string Value)[] settings)
    {
        _protocol = protocol;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WebApi.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.PathOf("samples/WebApi"),
        };
        (string Key, string Value)[] all =
        [
            ("urls", "http://127.0.0.1:0"),
            ("environment", "Production"),
            ("Kestrel:EndpointDefaults:Protocols", protocol == 2 ? "Http2" : "Http1"),
            ("ConnectionStrings:Orders", $"Data Source={Path.Combine(_folder, "orders.db")}"),
            .. settings,
        ];
        foreach (var (key, value) in all)
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written to its console, which is its log.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static async Task<SampleProcess> StartAsync(int protocol, params (string Key, string Value)[] settings)
    {
        var sample = new SampleProcess(protocol, settings);
        await Deadline.For(sample._address.Task, "the sample's address", () => sample.Output);
        return sample;
    }

    /// <summary>A client with connections of its own.</summary>
    public HttpClient NewClient() => new()
    {
        BaseAddress = _address.Task.Result,
        DefaultRequestVersion = _protocol == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Waits until so many greenlets have begun and not ended.</summary>
    public async Task ActiveAsync(int count)
    {
        using var client = NewClient();
        await Deadline.Until(() => ActiveNowAsync(client).Result == count, $"{count} greenlets that run", () => Output);
    }

    /// <summary>Asks it to end, as a container's host does.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await Deadline.For(kill.WaitForExitAsync(TestContext.Current.CancellationToken), "the signal");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await Deadline.For(_process.WaitForExitAsync(TestContext.Current.CancellationToken), "the end of the sample", () => Output);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Deadline.For(_process.WaitForExitAsync(), "the end of the sample");
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> ActiveNowAsync(HttpClient client)
    {
        var health = JsonNode.Parse(await Deadline.For(client.GetStringAsync("/health", TestContext.Current.CancellationToken), "the health", () => Output))!;
        return health["entries"]!["greenlets:requests"]!["data"]!["hubs"]!.AsObject().Sum(hub => (int)hub.Value!["active"]!);
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
    private static partial Regex Listening();

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }
}
