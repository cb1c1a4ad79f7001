using GreenletBridge.Hosting.FunctionalTests.Mvc;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace GreenletBridge.Hosting.FunctionalTests.Pages;

/// <summary>A page whose filter, handler and view block.</summary>
[TypeFilter<BlockingPageFilter>]
public class WhereModel(Trace trace) : PageModel
{
    public Trace Trace => trace;

    public string Hub { get; private set; } = "";

    public void OnGet() => Hub = trace.Block("handler");
}
