using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Type parameters copied from one owner to another, and references that name them.</summary>
internal static class Generics
{
    private const GenericParameterAttributes Variance = GenericParameterAttributes.VarianceMask;

    /// <summary>Copies type parameters with their constraints; <paramref name="map"/> gives what stands for the old ones in a constraint.</summary>
    public static void Copy(IEnumerable<GenericParameter> parameters, IGenericParameterProvider owner, Func<GenericParameter, TypeReference> map)
    {
        var copies = parameters.Select(p => (Old: p, New: new GenericParameter(p.Name, owner) { Attributes = p.Attributes & ~Variance })).ToList();
        foreach (var (_, copy) in copies)
            owner.GenericParameters.Add(copy);
        foreach (var (old, copy) in copies)
        {
            foreach (var constraint in old.Constraints)
                copy.Constraints.Add(new GenericParameterConstraint(TypeMath.Substitute(constraint.ConstraintType, map)));
            foreach (var attribute in old.CustomAttributes)
                copy.CustomAttributes.Add(new CustomAttribute(attribute.Constructor, attribute.GetBlob()));
        }
    }

    /// <summary>A method as it is called on another form of its type.</summary>
    public static MethodReference On(MethodDefinition method, TypeReference type)
    {
        if (type is not GenericInstanceType)
            return method;
        var reference = new MethodReference(method.Name, method.ReturnType, type) { HasThis = method.HasThis, ExplicitThis = method.ExplicitThis };
        foreach (var parameter in method.Parameters)
            reference.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        foreach (var parameter in method.GenericParameters)
            reference.GenericParameters.Add(new GenericParameter(parameter.Name, reference));
        return reference;
    }

    /// <summary>A method called as <paramref name="call"/> calls another: on the same type, with the same type arguments.</summary>
    public static MethodReference As(MethodDefinition method, MethodReference call, ModuleDefinition module)
    {
        var reference = method.Module == module ? On(method, call.DeclaringType) : Imported(method, call, module);
        return call is GenericInstanceMethod instance ? Runtime.Of(reference, instance.GenericArguments) : reference;
    }

    private static MethodReference Imported(MethodDefinition method, MethodReference call, ModuleDefinition module)
    {
        var reference = module.ImportReference(method);
        if (call.DeclaringType is GenericInstanceType)
            reference.DeclaringType = call.DeclaringType;
        return reference;
    }
}
