using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using GreenletBridge.FastMode.Build;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Weaving;

/// <summary>Signatures that no compiler writes, and rare ones that some do.</summary>
public sealed class SignatureCheckTests
{
    private const byte Array = 0x14;
    private const byte OfInt = 0x08;
    private const byte TypeParameter = 0x13;
    private const byte MethodParameter = 0x1e;

    [Theory]
    [InlineData(TypeParameter)]
    [InlineData(MethodParameter)]
    public void Check_OfATypeParameterThatCannotBe_Refuses(byte kind)
    {
        Check(Specification(blob => Numbered(blob, kind, ushort.MaxValue)));

        var error = Assert.Throws<InvalidDataException>(() => Check(Specification(blob => Numbered(blob, kind, 500_000_000))));
        Assert.Equal("a signature names type parameter 500000000", error.Message);
    }

    [Fact]
    public void Check_OfAnArrayThatCannotBe_Refuses()
    {
        Check(Specification(static blob => ArrayOf(blob, 32)));

        var error = Assert.Throws<InvalidDataException>(() => Check(Specification(static blob => ArrayOf(blob, 500_000_000))));
        Assert.Equal("a signature names an array of 500000000 dimensions", error.Message);
    }

    /// <summary>Compilers write them beside symbols of Windows.</summary>
    [Fact]
    public void Check_OfAConstantsSignature_Passes() =>
        Check(static metadata =>
        {
            var blob = new BlobBuilder();
            new BlobEncoder(blob).Field().Type().Int32();
            metadata.AddStandaloneSignature(metadata.GetOrAddBlob(blob));
        });

    private static Action<MetadataBuilder> Specification(Action<BlobBuilder> write) => metadata =>
    {
        var blob = new BlobBuilder();
        write(blob);
        metadata.AddTypeSpecification(metadata.GetOrAddBlob(blob));
    };

    private static void Numbered(BlobBuilder blob, byte kind, int number)
    {
        blob.WriteByte(kind);
        blob.WriteCompressedInteger(number);
    }

    private static void ArrayOf(BlobBuilder blob, int rank)
    {
        blob.WriteByte(Array);
        Numbered(blob, OfInt, rank);
        // Neither sizes nor lower bounds
        blob.WriteByte(0);
        blob.WriteByte(0);
    }

    private static void Check(Action<MetadataBuilder> write)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("m"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        write(metadata);
        var image = new BlobBuilder();
        new MetadataRootBuilder(metadata).Serialize(image, 0, 0);
        using var provider = MetadataReaderProvider.FromMetadataImage(ImmutableArray.Create(image.ToArray()));
        SignatureCheck.Check(provider.GetMetadataReader());
    }
}
