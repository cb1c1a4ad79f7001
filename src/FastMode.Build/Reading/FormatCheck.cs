using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether a file has only what is known today.</summary>
internal static class FormatCheck
{
    /// <summary>Looks at the tables: what a newer format has beside the known ones Cecil passes over, and would leave away.</summary>
    /// <exception cref="BadImageFormatException">There are others.</exception>
    public static void RefuseUnknownTables(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (file.HasMetadata)
            _ = file.GetMetadataReader();
    }
}
