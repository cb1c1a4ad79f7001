using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether a file has only what is known today, and can be read in the time that its size allows.</summary>
internal static class FormatCheck
{
    /// <summary>Looks at the tables: what a newer format has beside the known ones Cecil passes over, and would leave away. And at the signatures (<see cref="SignatureCheck"/>).</summary>
    /// <exception cref="BadImageFormatException">There are others, or signatures that cannot be read.</exception>
    /// <exception cref="InvalidDataException">A signature names what cannot be.</exception>
    public static void RefuseUnknown(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (file.HasMetadata)
            SignatureCheck.Check(file.GetMetadataReader());
    }
}
