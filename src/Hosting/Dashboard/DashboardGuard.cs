using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>Hides the page outside of Development unless its endpoints ask for authorization; sets the headers of what is shown.</summary>
internal sealed partial class DashboardGuard
{
    // Trusted types without a policy: no text can become markup or script
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>A finally-convention: whatever the application has added to the endpoints is known.</summary>
    public static void Apply(EndpointBuilder endpoint)
    {
        var services = endpoint.ApplicationServices;
        var isProtected = endpoint.Metadata.Any(static item => item is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData)
            && !endpoint.Metadata.Any(static item => item is IAllowAnonymous);
        if (!isProtected && !services.GetRequiredService<IWebHostEnvironment>().IsDevelopment())
        {
            Log.Hidden(services.GetRequiredService<ILogger<DashboardGuard>>(), endpoint.DisplayName);
            endpoint.RequestDelegate = static context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
            return;
        }

        var next = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache, no-store";
            return next(context);
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug,
            "{Endpoint} answers 404: outside of Development the greenlet dashboard needs a policy, as in MapGreenletDashboard(...).RequireAuthorization(...).",
            EventName = "DashboardHidden")]
        public static partial void Hidden(ILogger logger, string? endpoint);
    }
}
