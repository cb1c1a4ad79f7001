using Microsoft.AspNetCore.Mvc;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

/// <summary>A controller that asks for a greenlet, and an action that does not want one.</summary>
[ApiController]
[Route("controller")]
[RunInGreenlet]
public class LegacyController : ControllerBase
{
    [HttpGet("on")]
    public string On() => WhereAmI.Hub();

    [HttpGet("named")]
    [RunInGreenlet(Hub = "legacy")]
    public string Named() => WhereAmI.Hub();

    [HttpGet("off")]
    [DisableGreenlet]
    public string Off() => WhereAmI.Hub();

    [HttpGet("once")]
    public string Once() => WhereAmI.HowOften();
}
