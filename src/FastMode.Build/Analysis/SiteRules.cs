using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Which calls cannot be left and entered again.</summary>
internal static class SiteRules
{
    /// <summary>Pins the site if it must be, and says what lives across it.</summary>
    public static void Apply(CallSite site, FlowGraph flow, Liveness liveness, StackTyper typer)
    {
        var instruction = flow.Instructions[site.Index];
        if (flow.HandlerAround(site.Index) is { } handler)
        {
            if (handler.HandlerType is ExceptionHandlerType.Finally or ExceptionHandlerType.Fault)
                Pin(site, PinCode.WaitInFinally, "the call is in a finally block");
            else if (flow.IsInFilter(handler, site.Index))
                Pin(site, PinCode.WaitInFilter, "the call is in an exception filter");
            else
                Pin(site, PinCode.WaitInCatch, "the call is in a catch block");
        }

        if (instruction.Previous is { } previous && Il.IsPrefix(previous))
        {
            if (previous.OpCode.Code == Code.Tail)
                Pin(site, PinCode.TailCall, "the call is a tail call");
            else if (site.Kind != SiteKind.Constrained && site.Callee == (MethodReference)instruction.Operand)
                Pin(site, PinCode.ConstrainedCall, "what is called through a type parameter is static, or a method of the framework's or of an assembly that is not woven");
            else if (site.Kind == SiteKind.Constrained && site.Callee is GenericInstanceMethod)
                Pin(site, PinCode.ConstrainedCall, "what is called through a type parameter is a generic method");
        }

        if (site.Kind is not (SiteKind.Primitive or SiteKind.Enumeration) && Enumerable.Range(0, site.Arguments.Count).Any(i => !CanPass(site, i)))
            Pin(site, PinCode.ByRefArgument, "an argument is a ref struct, or a reference to what is not a local, a parameter, a field of an object or an array's element");
        if (typer.PointsAtItself)
            Pin(site, PinCode.FixedMemory, "the method makes a pointer to a local or a parameter");
        if (site.ArgumentOrigins.Concat(site.BelowOrigins).OfType<Origin>().Any(typer.IsPointedAt))
            Pin(site, PinCode.FixedMemory, "a pointer is made of the address of what is passed by reference");
        if (TypeMath.WhyNotSaved(site.ReturnType) is PinCode.LiveByRef)
            Pin(site, PinCode.ByRefReturn, "the call returns a reference or a ref struct");
        for (var i = 0; i < site.Below.Count; i++)
        {
            var type = site.Below[i];
            if (site.BelowOrigins[i] is null && TypeMath.WhyNotSaved(type) is { } reason)
                Pin(site, reason, $"a value of type {type.FullName} is needed after the call");
        }

        FindLive(site, flow.Method, liveness);
    }

    private static bool CanPass(CallSite site, int argument) => site.PassesRef(argument)
        // The object of a struct's method, by a pointer or what holds one.
        || (argument == 0 && site.Callee.HasThis && (site.Kind == SiteKind.Constrained || (site.Kind != SiteKind.New && site.Target.DeclaringType.IsValueType)))
        ? site.Arguments[argument] is ByReferenceType && site.ArgumentOrigins[argument] is not null && TypeMath.WhyNotSaved(((ByReferenceType)site.Arguments[argument]).ElementType) is null
        : TypeMath.WhyNotSaved(site.Arguments[argument]) is not PinCode.LiveByRef;

    private static void FindLive(CallSite site, MethodDefinition method, Liveness liveness)
    {
        var live = liveness.AfterCall(site.Index);
        // What has its address on the stack is used by what takes it from there.
        foreach (var root in site.BelowOrigins.OfType<Origin>().Select(static o => o.Root))
        {
            if (root.Kind == OriginKind.Local)
                live[liveness.ArgumentCount + root.Number] = true;
            else if (root.Kind is OriginKind.Argument or OriginKind.Reference)
                live[root.Number] = true;
        }

        var arguments = new List<int>();
        var locals = new List<VariableDefinition>();
        var first = method.HasThis ? 1 : 0;
        if (method.HasThis && method.DeclaringType.IsValueType)
            arguments.Add(0);
        for (var i = first; i < liveness.ArgumentCount; i++)
        {
            if (!live[i])
                continue;
            arguments.Add(i);
            if (TypeMath.WhyNotSaved(TypeMath.Referred(method.Parameters[i - first].ParameterType)) is { } reason)
                Pin(site, reason, $"the parameter {method.Parameters[i - first].Name} is needed after the call");
        }

        foreach (var local in method.Body.Variables)
        {
            if (!live[liveness.ArgumentCount + local.Index])
                continue;
            locals.Add(local);
            if (!TypeMath.IsInterpolation(local.VariableType) && TypeMath.WhyNotSaved(local.VariableType) is { } reason)
                Pin(site, reason, $"a local of type {local.VariableType.FullName} is needed after the call");
        }

        site.LiveArguments = arguments;
        site.LiveLocals = locals;
    }

    private static void Pin(CallSite site, PinCode code, string detail)
    {
        if (site.Pin is not null)
            return;
        site.Pin = code;
        site.PinDetail = detail;
    }
}
