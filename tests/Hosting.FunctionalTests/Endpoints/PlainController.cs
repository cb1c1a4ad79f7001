using Microsoft.AspNetCore.Mvc;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

/// <summary>A controller without marks.</summary>
[ApiController]
[Route("plain-controller")]
public class PlainController : ControllerBase
{
    [HttpGet("where")]
    public string Where() => WhereAmI.Hub();

    [HttpGet("async")]
    public async Task<string> WhereAsync()
    {
        await Task.Yield();
        return WhereAmI.Hub();
    }
}
