using Microsoft.AspNetCore.Mvc;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>Blocking code that calls async code that calls blocking code, five deep.</summary>
[ApiController]
[Route("nesting")]
public class NestingController(IGreenletBridge bridge) : ControllerBase
{
    [HttpGet("sync")]
    public string Sync()
    {
        var hubs = new HashSet<string>();
        return $"{Nest(5, hubs)} {string.Join(',', hubs)}";
    }

    [HttpGet("async")]
    public async Task<string> Async()
    {
        var hubs = new HashSet<string>();
        return $"{await NestAsync(5, hubs)} {string.Join(',', hubs)}";
    }

    private int Nest(int depth, HashSet<string> hubs)
    {
        hubs.Add(WhereAmI.Hub());
        return depth == 0 ? 0 : bridge.AsyncToSync((int d) => NestAsync(d, hubs))(depth - 1) + 1;
    }

    private async Task<int> NestAsync(int depth, HashSet<string> hubs)
    {
        hubs.Add(WhereAmI.Hub());
        await Task.Yield();
        return await bridge.SyncToAsync((int d) => Nest(d, hubs))(depth);
    }
}
