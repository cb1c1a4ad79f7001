using System.ComponentModel.DataAnnotations;

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

        // The same blocking code, left on the thread pool
        app.MapGet("/threadpool/wait", Wait);
    }

    private static string Wait([Range(0, 60_000)] int ms = 100)
    {
        Task.Delay(ms).Wait();
        return $"waited {ms} ms";
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
