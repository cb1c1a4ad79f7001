using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether the numbers in signatures can be: Cecil makes as many type parameters, and dimensions of an array, as a signature speaks of, be it 500 million.</summary>
internal sealed class SignatureCheck : ISignatureTypeProvider<bool, object?>
{
    // A type parameter's number has two bytes (ECMA-335, II.22.20)
    private const int MostParameters = ushort.MaxValue;

    // What the runtime loads
    private const int MostDimensions = 32;

    /// <exception cref="BadImageFormatException">One cannot be read.</exception>
    /// <exception cref="InvalidDataException">One names what cannot be.</exception>
    public static void Check(MetadataReader metadata)
    {
        var check = new SignatureCheck();
        var signatures = new SignatureDecoder<bool, object?>(check, metadata, null);
        foreach (var method in metadata.MethodDefinitions)
            metadata.GetMethodDefinition(method).DecodeSignature(check, null);
        foreach (var field in metadata.FieldDefinitions)
            metadata.GetFieldDefinition(field).DecodeSignature(check, null);
        foreach (var property in metadata.PropertyDefinitions)
            metadata.GetPropertyDefinition(property).DecodeSignature(check, null);
        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (member.GetKind() == MemberReferenceKind.Method)
                member.DecodeMethodSignature(check, null);
            else
                member.DecodeFieldSignature(check, null);
        }

        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.TypeSpec); row++)
            metadata.GetTypeSpecification(MetadataTokens.TypeSpecificationHandle(row)).DecodeSignature(check, null);
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
            metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row)).DecodeSignature(check, null);
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.StandAloneSig); row++)
        {
            var signature = metadata.GetStandaloneSignature(MetadataTokens.StandaloneSignatureHandle(row)).Signature;
            var blob = metadata.GetBlobReader(signature);
            switch (metadata.GetBlobReader(signature).ReadSignatureHeader().Kind)
            {
                case SignatureKind.LocalVariables:
                    signatures.DecodeLocalSignature(ref blob);
                    break;
                // Of a constant, as compilers wrote for symbols of Windows
                case SignatureKind.Field:
                    signatures.DecodeFieldSignature(ref blob);
                    break;
                default:
                    signatures.DecodeMethodSignature(ref blob);
                    break;
            }
        }
    }

    public bool GetGenericMethodParameter(object? genericContext, int index) => IsPossible(index);

    public bool GetGenericTypeParameter(object? genericContext, int index) => IsPossible(index);

    public bool GetArrayType(bool elementType, ArrayShape shape) =>
        shape.Rank <= MostDimensions ? true : throw new InvalidDataException($"a signature names an array of {shape.Rank} dimensions");

    public bool GetByReferenceType(bool elementType) => true;

    public bool GetFunctionPointerType(MethodSignature<bool> signature) => true;

    public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => true;

    public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => true;

    public bool GetPinnedType(bool elementType) => true;

    public bool GetPointerType(bool elementType) => true;

    public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => true;

    public bool GetSZArrayType(bool elementType) => true;

    public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => true;

    public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => true;

    // Checked by itself
    public bool GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => true;

    private static bool IsPossible(int index) => index <= MostParameters ? true : throw new InvalidDataException($"a signature names type parameter {index}");
}
