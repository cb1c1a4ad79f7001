using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Declares the twins: first all of them, then their bodies can name each other.</summary>
/// <remarks>A twin stands right behind its method, so that its token is the method's next: that is how it is found at run time.</remarks>
internal sealed class TwinTable(ModuleDefinition module, Runtime runtime, SlotTable slots, WovenReferences woven, Func<MethodDefinition, bool> leavesAffine)
{
    private readonly Dictionary<MethodDefinition, MethodDefinition> _twins = [];

    /// <summary>The twin of a method of this module or of a woven one; null when it has none.</summary>
    public MethodDefinition? TwinOf(MethodDefinition method) => _twins.TryGetValue(method, out var twin) ? twin : method.Module == module ? null : woven.TwinOf(method);

    public void Declare(IReadOnlyList<MethodPlan> plans)
    {
        var isWoven = plans.Where(static p => p.IsWoven).Select(static p => p.Method).ToHashSet();
        foreach (var root in module.GetTypes().SelectMany(static t => t.Methods).Where(IsOpenSlot).ToList())
        {
            if (slots.Members(root).Any(isWoven.Contains) && !isWoven.Contains(root))
                WritePlainBody(root, Declare(root));
        }

        // Roots first: what overrides them takes their twins' names.
        foreach (var plan in plans.Where(static p => p.IsWoven).OrderBy(p => slots.SlotOf(p.Method) is { } root && root != p.Method))
            plan.Twin = Declare(plan.Method);
    }

    private MethodDefinition Declare(MethodDefinition method)
    {
        var type = method.DeclaringType;
        var root = slots.SlotOf(method);
        var rootTwin = root is null || root == method ? null : _twins.GetValueOrDefault(root);
        var twin = new MethodDefinition(rootTwin?.Name ?? UniqueName(method), AttributesOf(method, rootTwin is not null), method.ReturnType)
        {
            HasThis = IsInstance(method),
            ImplAttributes = method.ImplAttributes,
        };
        Generics.Copy(method.GenericParameters, twin, p => p.Type == GenericParameterType.Method ? twin.GenericParameters[p.Position] : p);
        if (method.HasThis && !twin.HasThis)
            twin.Parameters.Add(new ParameterDefinition("self", ParameterAttributes.None, runtime.RefOf(TypeMath.Self(type))));
        foreach (var parameter in method.Parameters)
            twin.Parameters.Add(new ParameterDefinition(parameter.Name, ParameterAttributes.None, InTwin(parameter.ParameterType)));
        twin.Parameters.Add(new ParameterDefinition("stack", ParameterAttributes.None, runtime.Stack));
        twin.Parameters.Add(new ParameterDefinition("frame", ParameterAttributes.None, runtime.Frame));
        type.Methods.Insert(type.Methods.IndexOf(method) + 1, twin);
        _twins.Add(method, twin);
        return twin;
    }

    /// <summary>A struct's method has its struct as an object in front of its arguments: it must last while the stack is saved.</summary>
    private static bool IsInstance(MethodDefinition method) => method.HasThis && !method.DeclaringType.IsValueType;

    /// <summary>What is passed by reference is passed as an object.</summary>
    private TypeReference InTwin(TypeReference type) => TypeMath.WithoutModifiers(type) is ByReferenceType reference ? runtime.RefOf(reference.ElementType) : type;

    private static bool IsOpenSlot(MethodDefinition method) => method.IsVirtual && !method.DeclaringType.IsValueType && !method.IsFinal && method.IsNewSlot && !method.IsStatic;

    private static MethodAttributes AttributesOf(MethodDefinition method, bool overrides)
    {
        const MethodAttributes Virtual = MethodAttributes.Virtual | MethodAttributes.HideBySig;
        if (!IsInstance(method))
            return MethodAttributes.Static | MethodAttributes.Assembly | MethodAttributes.HideBySig;
        if (method.DeclaringType.IsInterface)
            return MethodAttributes.Public | MethodAttributes.NewSlot | Virtual;
        if (overrides)
            return MethodAttributes.FamORAssem | MethodAttributes.ReuseSlot | Virtual | (method.Attributes & MethodAttributes.Final);
        return IsOpenSlot(method)
            ? MethodAttributes.FamORAssem | MethodAttributes.NewSlot | Virtual
            : MethodAttributes.Assembly | MethodAttributes.HideBySig;
    }

    private static string UniqueName(MethodDefinition method)
    {
        var name = method.Name + Names.Suffix;
        for (var number = 2; method.DeclaringType.Methods.Any(m => m.Name == name); number++)
            name = $"{method.Name}{Names.Suffix}{number}";
        return name;
    }

    /// <summary>The twin of a method that cannot wait by returning: it runs the method.</summary>
    private void WritePlainBody(MethodDefinition method, MethodDefinition twin)
    {
        var il = twin.Body.GetILProcessor();
        if (leavesAffine(method))
        {
            il.Emit(OpCodes.Ldarg, twin.Parameters[^2]);
            il.Emit(OpCodes.Call, runtime.PinThread);
        }

        il.Emit(OpCodes.Ldarg_0);
        foreach (var (parameter, original) in twin.Parameters.Zip(method.Parameters))
        {
            il.Emit(OpCodes.Ldarg, parameter);
            if (TypeMath.WithoutModifiers(original.ParameterType) is ByReferenceType reference)
                il.Emit(OpCodes.Callvirt, runtime.PlaceOf(reference.ElementType));
        }

        var self = Generics.On(method, TypeMath.Self(method.DeclaringType));
        il.Emit(method.IsAbstract || method.DeclaringType.IsInterface ? OpCodes.Callvirt : OpCodes.Call, method.HasGenericParameters ? Runtime.Of(self, twin.GenericParameters) : self);
        il.Emit(OpCodes.Ret);
    }
}
