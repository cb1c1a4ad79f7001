using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>The page's kill button.</summary>
internal sealed partial class DashboardKill(HubDirectory directory, ILogger<DashboardKill> logger)
{
    public async Task<IResult> Handle(long id, HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.Problem("The antiforgery token is missing or wrong; load the page again.", statusCode: StatusCodes.Status400BadRequest);
        if (directory.Hubs.Select(hub => hub.Find(id)).FirstOrDefault(greenlet => greenlet is not null) is not { } greenlet)
            return Results.Problem($"There is no greenlet {id}; it may have ended.", statusCode: StatusCodes.Status404NotFound);

        Log.Killed(logger, id, LogText.Of(greenlet.Name), greenlet.Hub?.Name, LogText.Of(context.User.Identity?.Name) ?? "an anonymous user");
        greenlet.Kill(new GreenletExitException("The greenlet was killed from the dashboard."));
        return Results.NoContent();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Greenlet {Id} ({Name}) of hub {Hub} was killed from the dashboard by {User}.", EventName = "KilledFromDashboard")]
        public static partial void Killed(ILogger logger, long id, string? name, string? hub, string user);
    }
}
