using Microsoft.AspNetCore.Mvc.RazorPages;

namespace GreenletBridge.Hosting.FunctionalTests.Pages;

/// <summary>A page that does not want one.</summary>
[DisableGreenlet]
public class OffModel : PageModel
{
    public string Hub { get; private set; } = "";

    public void OnGet() => Hub = WhereAmI.Hub();
}
