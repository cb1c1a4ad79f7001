using Microsoft.AspNetCore.Mvc.RazorPages;

namespace GreenletBridge.Hosting.FunctionalTests.Pages;

/// <summary>A page that asks for a named hub.</summary>
[RunInGreenlet(Hub = "legacy")]
public class MarkedModel : PageModel
{
    public string Hub { get; private set; } = "";

    public void OnGet() => Hub = WhereAmI.Hub();
}
