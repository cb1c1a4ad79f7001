using System.Text;
using System.Text.Json;
using GreenletBridge.TestSupport;
using Microsoft.Playwright;

namespace WebApi.EndToEnd.Dashboard;

/// <summary>Records the tasks of a browser's pages with the processor time that each took: not the time that passed, which is the machine's as well.</summary>
internal sealed class TaskTrace(ICDPSession session)
{
    public static async Task<TaskTrace> StartAsync(IBrowser browser)
    {
        var session = await browser.NewBrowserCDPSessionAsync();
        await session.SendAsync("Tracing.start", new Dictionary<string, object>
        {
            ["transferMode"] = "ReturnAsStream",
            ["traceConfig"] = new Dictionary<string, object> { ["includedCategories"] = new[] { "disabled-by-default-devtools.timeline" } },
        });
        return new TaskTrace(session);
    }

    /// <summary>Ends the recording.</summary>
    /// <returns>The processor time of each task of a page's main thread, in milliseconds.</returns>
    public async Task<IReadOnlyList<double>> StopAsync()
    {
        var complete = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Event("Tracing.tracingComplete").OnEvent += (_, result) => complete.TrySetResult(result!.Value.GetProperty("stream").GetString()!);
        await session.SendAsync("Tracing.end");
        using var trace = JsonDocument.Parse(await ReadAsync(await Deadline.For(complete.Task, "the trace")));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var pages = events
            .Where(one => Is(one, "thread_name") && one.GetProperty("args").GetProperty("name").GetString() == "CrRendererMain")
            .Select(Thread).ToHashSet();
        return [.. events.Where(one => Is(one, "RunTask") && pages.Contains(Thread(one)) && one.TryGetProperty("tdur", out _)).Select(one => one.GetProperty("tdur").GetDouble() / 1000)];
    }

    private static bool Is(JsonElement one, string name) => one.TryGetProperty("name", out var found) && found.GetString() == name;

    private static (int, int) Thread(JsonElement one) => (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32());

    private async Task<string> ReadAsync(string handle)
    {
        var text = new StringBuilder();
        for (var ended = false; !ended;)
        {
            var part = (await session.SendAsync("IO.read", new Dictionary<string, object> { ["handle"] = handle }))!.Value;
            text.Append(part.GetProperty("data").GetString());
            ended = part.GetProperty("eof").GetBoolean();
        }

        return text.ToString();
    }
}
