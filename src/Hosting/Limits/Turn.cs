using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>What a request holds while a part of its pipeline runs: a lane and a permit, or the reason why it has neither.</summary>
internal readonly struct Turn : IAsyncDisposable
{
    private readonly HttpContext? _context;
    private readonly Lane? _lane;
    private readonly RequestPermit? _permit;

    /// <summary>The request may begin; it is noted what it holds.</summary>
    public Turn(HttpContext context, Lane? lane, RequestPermit? permit)
    {
        if (lane is null && permit is null)
            return;

        (_context, _lane, _permit) = (context, lane, permit);
        context.Features.Set(new HeldTurn(permit?.Limit, lane?.Key, context.Features.Get<HeldTurn>()));
    }

    /// <summary>The request may not begin.</summary>
    public Turn(Refusal refusal) => Refusal = refusal;

    public Refusal? Refusal { get; }

    public async ValueTask DisposeAsync()
    {
        if (_context is null)
            return;

        _permit?.Dispose();
        if (_lane is not null)
        {
            await LaneSessions.CommitAsync(_context);
        }

        _context.Features.Set(_context.Features.Get<HeldTurn>()?.Outer);
        _lane?.Dispose();
    }
}
