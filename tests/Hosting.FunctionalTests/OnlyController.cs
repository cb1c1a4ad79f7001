using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace GreenletBridge.Hosting.FunctionalTests;

/// <summary>Leaves one controller of this assembly to an application.</summary>
internal sealed class OnlyController<TController> : IApplicationFeatureProvider<ControllerFeature>
{
    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
    {
        feature.Controllers.Clear();
        feature.Controllers.Add(typeof(TController).GetTypeInfo());
    }
}
