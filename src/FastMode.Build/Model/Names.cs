namespace GreenletBridge.FastMode.Build;

/// <summary>Names that the runtime library and woven code share.</summary>
internal static class Names
{
    public const string Runtime = "GreenletBridge.FastMode";
    public const string Core = "GreenletBridge.Core";
    public const string Suffix = "$woven";
    public const string Forward = "$forward";
    public const string NoWeave = "GreenletBridge.NoWeaveAttribute";
    public const string Required = "GreenletBridge.GreenletRequiredAttribute";
    public const string WovenAssembly = "GreenletBridge.FastMode.WovenAssemblyAttribute";
    public const string Slots = "<GreenletSlots>";
}
