using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Net;

namespace WebApi.Features;

/// <summary>Blocking code as one finds it, run in greenlets.</summary>
internal static class LegacyEndpoints
{
    private static readonly object _ticketLock = new();
    private static int _lastTicket;

    public static void MapLegacy(this IEndpointRouteBuilder app)
    {
        var legacy = app.MapGroup("/legacy").RunInGreenlet();
        legacy.MapGet("/wait", Wait);
        legacy.MapGet("/lock", TakeTicket);
        legacy.MapGet("/sleep", Sleep);
        legacy.MapGet("/http", Ask);
        legacy.MapGet("/busy", Compute);

        // The same blocking code, left on the thread pool
        app.MapGet("/threadpool/wait", Wait);
        app.MapGet("/threadpool/sleep", Sleep);
    }

    private static string Wait([Range(0, 60_000)] int ms = 100)
    {
        Task.Delay(ms).Wait();
        return $"waited {ms} ms";
    }

    private static string Sleep([Range(0, 60_000)] int ms = 100)
    {
        Thread.Sleep(ms);
        return $"slept {ms} ms";
    }

    // Of this very application: it could not answer if this blocked it
    private static string Ask(HttpContext context, HttpClient client, [Range(0, 60_000)] int ms = 100)
    {
        var address = new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), context.Connection.LocalPort, "/async/sleep", $"?ms={ms}");
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        using var response = client.Send(request);
        using var reader = new StreamReader(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    private static string Compute([Range(0, 60_000)] int ms = 100)
    {
        var started = Stopwatch.GetTimestamp();
        long rounds = 0;
        while (Stopwatch.GetElapsedTime(started).TotalMilliseconds < ms)
            rounds++;
        return $"computed {ms} ms, {rounds} rounds";
    }

    private static int TakeTicket([Range(0, 60_000)] int ms = 5)
    {
        lock (_ticketLock)
        {
            Task.Delay(ms).Wait();
            return ++_lastTicket;
        }
    }
}
