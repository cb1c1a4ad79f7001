using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether a file has only what is known today.</summary>
internal static class FormatCheck
{
    /// <summary>Looks at tables and signatures: what a newer format has beside the known ones Cecil passes over, and would leave away.</summary>
    /// <exception cref="BadImageFormatException">There are others, or signatures that cannot be read.</exception>
    public static void RefuseUnknown(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (file.HasMetadata)
            SignatureCheck.Check(file.GetMetadataReader());
    }
}
