using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting;

/// <summary>An answer of 503.</summary>
/// <param name="Tag">The reason, for programs.</param>
/// <param name="Detail">The reason, for people.</param>
/// <param name="RetryAfter">When the client may try again; null: it is not told to.</param>
internal record Unavailable(string Tag, string Detail, TimeSpan? RetryAfter)
{
    /// <summary>To a request that had begun when the end of the drain killed it: to send it again is not without danger, so nobody is told to.</summary>
    public static readonly Unavailable Killed = new("killed", "The application stopped before the request was done; a part of its work may have been done.", RetryAfter: null);

    /// <summary>Answers 503 with a problem document, and <c>Retry-After</c> if it may be sent again; aborts the connection if an answer has begun.</summary>
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
        if (RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

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
