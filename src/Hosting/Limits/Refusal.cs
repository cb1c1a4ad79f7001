using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>A request that is answered 503 because it may not begin.</summary>
internal sealed record Refusal(RefusalReason Reason, TimeSpan RetryAfter)
{
    /// <summary>What a client is told to wait where nothing better is known.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>The reason in metrics and in the answer.</summary>
    public string Tag => Reason switch
    {
        RefusalReason.QueueFull => "queue_full",
        RefusalReason.LaneFull => "lane_full",
        RefusalReason.Unhealthy => "unhealthy",
        _ => "stopping",
    };

    private string Detail => Reason switch
    {
        RefusalReason.QueueFull => "Too many requests wait to be handled.",
        RefusalReason.LaneFull => "Too many requests of the same kind, such as of one session, wait for each other.",
        RefusalReason.Unhealthy => "What handles this request is blocked; another instance may take it.",
        _ => "The application is stopping; another instance may take the request.",
    };

    /// <summary>Answers 503 with <c>Retry-After</c> and a problem document; aborts the connection if an answer has begun.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        response.Clear();
        response.Headers.RetryAfter = Math.Ceiling(RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var problem = TypedResults.Problem(
            Detail, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: [KeyValuePair.Create<string, object?>("reason", Tag)]);
        return problem.ExecuteAsync(context);
    }
}
