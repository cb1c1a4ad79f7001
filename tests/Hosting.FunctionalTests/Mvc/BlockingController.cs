using Microsoft.AspNetCore.Mvc;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

/// <summary>Actions whose every stage blocks.</summary>
[Route("blocking")]
[TypeFilter<BlockingFilter>]
public class BlockingController(Trace trace) : Controller
{
    [HttpGet("result/{value}")]
    public IActionResult Result([ModelBinder(typeof(BlockingBinder))] string value)
    {
        trace.Block("action");
        return new BlockingResult(value);
    }

    [HttpPost("body")]
    public string Body([FromBody] Dictionary<string, string> body) => $"{trace.Block("action")} {body["name"]}";

    [HttpGet("view")]
    public IActionResult Page() => View("Where", trace);

    [HttpGet("throw")]
    public IActionResult Throw() => throw new InvalidOperationException(trace.Block("action"));
}
