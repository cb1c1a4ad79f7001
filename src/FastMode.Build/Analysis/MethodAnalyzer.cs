using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Looks at one method: which of its calls may wait, and which of those can wait by returning.</summary>
internal sealed class MethodAnalyzer(PrimitiveTable primitives, PairTable pairs, SlotTable slots, WovenReferences woven)
{
    private readonly WaitSurvey _survey = new(slots, woven);

    /// <summary>Before anything is analyzed: a look at all of them.</summary>
    public void Survey(IEnumerable<MethodDefinition> methods) => _survey.Run([.. methods.Where(static m => MethodShape.WhyNot(m) is null).Select(m => (m, (IReadOnlyList<Candidate>)CandidatesOf(m)))]);

    public MethodPlan Analyze(MethodDefinition method)
    {
        var plan = new MethodPlan(method);
        if (MethodShape.WhyNot(method) is { } reason)
        {
            plan.Pin = reason.Code;
            plan.PinDetail = reason.Detail;
        }

        try
        {
            plan.Flow = new FlowGraph(method);
            var candidates = Classify(plan).FindAll(Counts);
            plan.Candidates = candidates;
            if (plan.Pin is null && LowerHandlers(plan))
                plan.Candidates = candidates = Classify(plan).FindAll(Counts);
            if (plan.Pin is null && candidates.Count > 0)
                Examine(plan, candidates);
        }
        catch (PinnedException e)
        {
            GiveUp(plan, e.Code, e.Message);
        }
        catch (Exception e) when (e is not WeaveException)
        {
            // Nothing is written yet: the method stays as it is, and the worst is assumed of it.
            GiveUp(plan, e is AssemblyResolutionException ? PinCode.Unresolved : PinCode.NotUnderstood, e.Message);
        }

        return plan;
    }

    // What is disposed and never waits is disposed as it is.
    private bool Counts(Candidate candidate) => candidate.Only is null || _survey.MayWait(candidate);

    private List<Candidate> CandidatesOf(MethodDefinition method)
    {
        try
        {
            return Classify(new MethodPlan(method) { Flow = new FlowGraph(method) });
        }
        catch (Exception e) when (e is not WeaveException)
        {
            // It will be given up when it is analyzed.
            return [];
        }
    }

    private bool LowerHandlers(MethodPlan plan)
    {
        if (plan.Candidates.Count == 0 || !plan.Method.Body.HasExceptionHandlers)
            return false;
        var waits = plan.Candidates.Where(_survey.MayWait).Select(c => plan.Flow!.Instructions[c.Index]).ToHashSet();
        plan.Lowering = Lowering.Apply(plan.Method, waits);
        if (plan.Lowering is null)
            return false;
        plan.Flow = new FlowGraph(plan.Method);
        plan.Replaced.Clear();
        plan.Affine.Clear();
        plan.PlainCalls.Clear();
        return true;
    }

    private static void GiveUp(MethodPlan plan, PinCode code, string detail)
    {
        plan.PinDetail = plan.Pin is null ? detail : plan.PinDetail;
        plan.Pin ??= code;
        plan.Sites.Clear();
        plan.LeavesAffine |= plan.Candidates.Count == 0;
    }

    private List<Candidate> Classify(MethodPlan plan)
    {
        var found = new List<Candidate>();
        var instructions = plan.Flow!.Instructions;
        var enters = 0;
        for (var i = 0; i < instructions.Length; i++)
        {
            if (ThreadAffinity.Of(instructions[i]) is not null)
                plan.Affine.Add(i);
            if (instructions[i].Operand is not MethodReference callee || instructions[i].OpCode.Code is not (Code.Call or Code.Callvirt or Code.Newobj)
                || callee.DeclaringType is ArrayType || callee.Resolve() is not { } target)
            {
                continue;
            }

            // An await that goes on takes a result that is there.
            if (plan.Pin == PinCode.AsyncMethod && target.Name == "GetResult")
                continue;
            if (OfStruct(plan, instructions[i], callee, target) is { } own)
            {
                found.Add(new Candidate(i, SiteKind.Direct, own, own.Resolve(), null));
            }
            else if (instructions[i].OpCode.Code == Code.Newobj)
            {
                if (target.DeclaringType is { IsValueType: false } type && !TypeMath.IsDelegate(type) && (target.Module == plan.Method.Module || woven.TwinOf(target) is not null))
                    found.Add(new Candidate(i, SiteKind.New, callee, target, null));
                else if (target.Module == plan.Method.Module)
                    plan.PlainCalls.Add((i, target));
            }
            // A call of the base's own form: the primitive would call what overrides it, which is who calls here.
            else if ((!target.IsVirtual || instructions[i].OpCode.Code == Code.Callvirt) && primitives.Find(target) is { } primitive)
            {
                // Through a type parameter the object is an address.
                if (primitive.Kind is not { } kind)
                    Replace(plan, i, primitive.Method);
                else if (OfPrimitive(plan, new Candidate(i, kind, callee, target, primitive.Method)) is { } candidate)
                    found.Add(candidate);
                enters += primitive.Method.Name is "Enter" or "TryEnter" ? 1 : 0;
            }
            else if (pairs.Find(target, instructions[i].OpCode.Code) is { } pair)
            {
                found.Add(new Candidate(i, SiteKind.Pair, callee, target, pair));
            }
            else if (target is { Name: "MoveNext", DeclaringType.FullName: "System.Collections.IEnumerator" })
            {
                found.Add(new Candidate(i, SiteKind.Iterator, callee, target, null));
            }
            else if (target.Name == "Invoke" && TypeMath.IsDelegate(target.DeclaringType))
            {
                found.Add(new Candidate(i, SiteKind.Delegate, callee, target, null));
            }
            else if (target.Module == plan.Method.Module || woven.TwinOf(target) is not null)
            {
                var root = instructions[i].OpCode.Code == Code.Callvirt ? RootOf(target, plan.Method.Module) : null;
                var kind = root is null ? SiteKind.Direct : Il.Constraint(instructions[i]) is GenericParameter ? SiteKind.Constrained : SiteKind.Virtual;
                found.Add(new Candidate(i, kind, callee, root ?? target, null));
            }
        }

        plan.LeavesAffine = plan.Affine.Count > 0 || enters > FinallyExits(plan) || instructions.Any(i => ThreadAffinity.MayTakeMutex(i, plan.Method));
        return found;
    }

    private static void Replace(MethodPlan plan, int index, MethodDefinition primitive)
    {
        if (Il.Constraint(plan.Flow!.Instructions[index]) is null)
            plan.Replaced.Add(index, primitive);
    }

    private Candidate? OfPrimitive(MethodPlan plan, Candidate candidate)
    {
        if (candidate is not { Kind: SiteKind.Enumeration, Target: { Name: "Dispose", HasThis: true } })
            return candidate;
        var (mayWait, only) = Disposals.Of(plan.Flow!.Instructions[candidate.Index], plan.Method, slots, woven);
        return mayWait ? candidate with { Only = only } : null;
    }

    /// <summary>The struct's own method that a virtual call on it runs; null when it is none that may have a twin.</summary>
    private MethodReference? OfStruct(MethodPlan plan, Instruction call, MethodReference callee, MethodDefinition target)
    {
        if (call.OpCode.Code != Code.Callvirt || Il.Constraint(call) is not { IsGenericParameter: false } type || InterfaceMap.OfStruct(type, callee, target) is not { } method)
            return null;
        if (method.Module != plan.Method.Module && woven.TwinOf(method) is null)
            return null;
        var own = Generics.On(method, type);
        own = method.Module == plan.Method.Module ? own : Generics.As(method, own, plan.Method.Module);
        return callee is GenericInstanceMethod instance ? Runtime.Of(own, instance.GenericArguments) : own;
    }

    private MethodDefinition? RootOf(MethodDefinition target, ModuleDefinition module)
    {
        if (target.Module == module)
            return slots.RootOf(target);
        return target.IsVirtual && !target.IsFinal && !target.DeclaringType.IsSealed ? target : null;
    }

    /// <summary>How many of its locks are surely let go: finally blocks that exit one.</summary>
    private static int FinallyExits(MethodPlan plan) => plan.Method.Body.ExceptionHandlers.Count(handler =>
        handler.HandlerType == ExceptionHandlerType.Finally
        && plan.Replaced.Any(pair => pair.Value.Name == "Exit"
            && pair.Key >= plan.Flow!.IndexOf(handler.HandlerStart) && pair.Key < plan.Flow.IndexOf(handler.HandlerEnd)));

    private static void Examine(MethodPlan plan, List<Candidate> candidates)
    {
        var flow = plan.Flow!;
        var typer = new StackTyper(flow);
        var liveness = new Liveness(flow);
        foreach (var (index, kind, callee, target, primitive) in candidates)
        {
            // What nothing leads to stays as it is.
            if (typer.Before(index) is not { } stack)
                continue;
            var call = (IMethodSignature)flow.Instructions[index].Operand;
            var hasObject = call.HasThis && kind != SiteKind.New;
            var count = call.Parameters.Count + (hasObject ? 1 : 0);
            var taken = stack[^count..];
            var arguments = new List<TypeReference>();
            if (hasObject)
                arguments.Add(taken[0]);
            arguments.AddRange(callee.Parameters.Select(p => TypeMath.WithoutModifiers(TypeMath.InCall(p.ParameterType, callee))));
            var site = new CallSite
            {
                Kind = kind,
                Index = index,
                Callee = callee,
                Target = target,
                Primitive = primitive,
                ReturnType = TypeMath.WithoutModifiers(TypeMath.InCall(callee.ReturnType, callee)),
                Arguments = arguments,
                Below = stack[..^count],
                ArgumentOrigins = [.. taken.Select((type, i) => arguments[i] is ByReferenceType wanted && wanted.FullName == type.FullName ? typer.OriginOf(type) : null)],
                BelowOrigins = [.. stack[..^count].Select(typer.OriginOf)],
            };
            SiteRules.Apply(site, flow, liveness, typer);
            plan.Sites.Add(site);
        }
    }
}
