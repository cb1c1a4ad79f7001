using GreenletBridge.Hosting.FunctionalTests.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace GreenletBridge.Hosting.FunctionalTests.Pages;

/// <summary>A page filter that blocks.</summary>
public sealed class BlockingPageFilter(Trace trace) : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) => trace.Block("selected");

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context) => trace.Block("page before");

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) => trace.Block("page after");
}
