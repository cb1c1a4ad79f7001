using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

/// <summary>A result that tells where it is written.</summary>
internal sealed class TellingResult(string handler) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => httpContext.Response.WriteAsync($"handler {handler}, result {WhereAmI.Hub()}");
}
