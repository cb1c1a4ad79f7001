using System;
using System.Text;
using System.Threading;
using Polly;
using Polly.Fallback;
using Polly.Retry;
using Polly.Timeout;
using Polly.CircuitBreaker;

public static class Use
{
    public static string Go()
    {
        var text = new StringBuilder();
        var tries = 0;
        var retry = new ResiliencePipelineBuilder<string>()
            .AddFallback(new FallbackStrategyOptions<string> { ShouldHandle = new PredicateBuilder<string>().Handle<InvalidOperationException>(), FallbackAction = static _ => Outcome.FromResultAsValueTask("fell back") })
            .AddRetry(new RetryStrategyOptions<string> { MaxRetryAttempts = 3, Delay = TimeSpan.FromMilliseconds(1), ShouldHandle = new PredicateBuilder<string>().Handle<FormatException>(), OnRetry = a => { text.Append("retry").Append(a.AttemptNumber).Append(' '); return default; } })
            .Build();
        text.Append(retry.Execute(() => ++tries < 3 ? throw new FormatException("f" + tries) : "ok" + tries)).Append('\n');
        text.Append(retry.Execute<string>(static () => throw new InvalidOperationException("x"))).Append('\n');
        try { text.Append(retry.Execute<string>(static () => throw new FormatException("always"))); } catch (FormatException e) { text.Append(e.Message).Append('\n'); }

        var breaker = new ResiliencePipelineBuilder().AddCircuitBreaker(new CircuitBreakerStrategyOptions { FailureRatio = 0.5, MinimumThroughput = 2, BreakDuration = TimeSpan.FromMinutes(1) }).AddTimeout(TimeSpan.FromSeconds(30)).Build();
        for (var i = 0; i < 4; i++)
        {
            try { breaker.Execute(static () => throw new FormatException("b")); }
            catch (Exception e) { text.Append(e.GetType().Name).Append(' '); }
        }

        var timeout = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMilliseconds(20)).Build();
        try { timeout.Execute(static token => { token.WaitHandle.WaitOne(10_000); token.ThrowIfCancellationRequested(); }, CancellationToken.None); }
        catch (TimeoutRejectedException) { text.Append("timed out"); }
        return text.ToString();
    }
}
