using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether every signature names only type parameters that can be: Cecil makes as many as a signature speaks of, be it 500 million.</summary>
internal sealed class SignatureCheck : ISignatureTypeProvider<bool, object?>
{
    // A type parameter's number has two bytes (ECMA-335, II.22.20)
    private const int Most = ushort.MaxValue;

    /// <exception cref="BadImageFormatException">One cannot be read.</exception>
    /// <exception cref="InvalidDataException">One names others.</exception>
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
            var signature = metadata.GetStandaloneSignature(MetadataTokens.StandaloneSignatureHandle(row));
            var blob = metadata.GetBlobReader(signature.Signature);
            if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
                signatures.DecodeLocalSignature(ref blob);
            else
                signatures.DecodeMethodSignature(ref blob);
        }
    }

    public bool GetGenericMethodParameter(object? genericContext, int index) => IsPossible(index);

    public bool GetGenericTypeParameter(object? genericContext, int index) => IsPossible(index);

    public bool GetArrayType(bool elementType, ArrayShape shape) => true;

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

    private static bool IsPossible(int index) => index <= Most ? true : throw new InvalidDataException($"a signature names type parameter {index}");
}
