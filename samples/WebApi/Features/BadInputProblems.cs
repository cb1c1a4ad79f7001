using Microsoft.AspNetCore.Diagnostics;

namespace WebApi.Features;

/// <summary>Answers bad input with a problem document that says what was wrong, in every environment.</summary>
internal static class BadInputProblems
{
    public static void AddBadInputProblems(this IServiceCollection services)
    {
        // Left to its default, a value that cannot be read gives an empty 400 in production and the developer page in development
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<ExceptionHandlerOptions>(options =>
        {
            options.StatusCodeSelector = exception => (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
            options.SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException;
        });
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            if (context.HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException exception)
            {
                context.ProblemDetails.Detail = exception.Message;
            }
        });
    }
}
