using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>Marks an assembly that was woven; the build sets it.</summary>
/// <param name="version">Version of the format: twins of another are not called.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class WovenAssemblyAttribute(int version) : Attribute
{
    /// <summary>The format that this runtime knows.</summary>
    public const int Current = 1;

    /// <summary>Version of the format.</summary>
    public int Version => version;
}
