using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

/// <summary>A model binder that blocks.</summary>
public sealed class BlockingBinder : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        bindingContext.HttpContext.RequestServices.GetRequiredService<Trace>().Block("binder");
        bindingContext.Result = ModelBindingResult.Success("bound");
        return Task.CompletedTask;
    }
}
