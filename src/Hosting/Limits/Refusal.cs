using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

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
    /// <remarks>By the application's own problem details if it has them. Not by a result: each would write its lines to the log, and refusals come in crowds.</remarks>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        response.Clear();
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = Math.Ceiling(RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var problem = new ProblemDetails
        {
            Type = "https://tools.ietf.org/html/rfc9110#section-15.6.4",
            Title = "Service Unavailable",
            Status = response.StatusCode,
            Detail = Detail,
            Extensions = { ["reason"] = Tag },
        };
        var service = context.RequestServices.GetService<IProblemDetailsService>();
        if (service is null || !await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem }))
        {
            await response.WriteAsJsonAsync(problem, options: null, "application/problem+json", context.RequestAborted);
        }
    }
}
