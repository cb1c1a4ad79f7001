using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Finds what types lie on the evaluation stack before each instruction.</summary>
/// <remarks>Where paths meet with different objects the type is Object, which is true and enough to keep them.</remarks>
internal sealed partial class StackTyper
{
    private readonly FlowGraph _flow;
    private readonly TypeSystem _types;
    private readonly MethodDefinition _method;
    private readonly TypeReference[]?[] _before;
    private readonly Queue<int> _work = new();
    private readonly Dictionary<Origin, ByReferenceType> _addresses = [];
    private readonly Dictionary<TypeReference, Origin> _origins = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Origin> _pointedAt = [];

    public StackTyper(FlowGraph flow)
    {
        _flow = flow;
        _method = flow.Method;
        _types = _method.Module.TypeSystem;
        _before = new TypeReference[flow.Instructions.Length][];
        Run();
    }

    /// <summary>The stack before an instruction, the deepest first; null when nothing leads there.</summary>
    public TypeReference[]? Before(int index) => _before[index];

    /// <summary>How an address on the stack, as <see cref="Before"/> gave it, can be taken again; null when that is not known.</summary>
    public Origin? OriginOf(TypeReference type) => _origins.GetValueOrDefault(type);

    /// <summary>Whether the code makes a pointer of an address in what that origin is part of: it has to stay where it is.</summary>
    public bool IsPointedAt(Origin origin) => _pointedAt.Contains(origin.Root);

    /// <summary>Whether the code makes a pointer to a variable of its own, which may be kept anywhere and is void once the code has returned to wait.</summary>
    public bool PointsAtItself => _pointedAt.Any(static origin => origin.Kind is OriginKind.Local or OriginKind.Argument);

    private ByReferenceType Address(Origin origin, TypeReference of)
    {
        // One object for each origin: paths that bring the same address meet with the same object.
        if (_addresses.TryGetValue(origin, out var address))
            return address;
        _addresses.Add(origin, address = new ByReferenceType(of));
        _origins.Add(address, origin);
        return address;
    }

    private void Run()
    {
        Enter(0, []);
        foreach (var handler in _method.Body.ExceptionHandlers)
        {
            if (handler.FilterStart is not null)
                Enter(_flow.IndexOf(handler.FilterStart), [_types.Object]);
            Enter(_flow.IndexOf(handler.HandlerStart), handler.HandlerType switch
            {
                ExceptionHandlerType.Catch => [handler.CatchType],
                ExceptionHandlerType.Filter => [_types.Object],
                _ => [],
            });
        }

        while (_work.TryDequeue(out var index))
        {
            var instruction = _flow.Instructions[index];
            var after = Step(instruction, _before[index]!);
            foreach (var next in Il.Successors(instruction))
                Enter(_flow.IndexOf(next), after);
        }
    }

    private void Enter(int index, TypeReference[] stack)
    {
        if (index >= _before.Length)
            throw new PinnedException(PinCode.NotUnderstood, "code that runs past its end");
        var known = _before[index];
        if (known is null)
        {
            _before[index] = stack;
            _work.Enqueue(index);
            return;
        }

        if (known.Length != stack.Length)
            throw new PinnedException(PinCode.NotUnderstood, "paths that meet with different stacks");
        TypeReference[]? merged = null;
        for (var i = 0; i < known.Length; i++)
        {
            var type = Merge(known[i], stack[i]);
            if (ReferenceEquals(type, known[i]))
                continue;
            merged ??= [.. known];
            merged[i] = type;
        }

        if (merged is null)
            return;
        _before[index] = merged;
        _work.Enqueue(index);
    }

    private TypeReference Merge(TypeReference one, TypeReference other)
    {
        if (ReferenceEquals(one, other))
            return one;
        if (TypeMath.KeyOf(one) == TypeMath.KeyOf(other) || other == Null)
            return _origins.ContainsKey(one) ? new ByReferenceType(((ByReferenceType)one).ElementType) : one;
        if (one == Null)
            return other;
        var a = Kind(one);
        var b = Kind(other);
        if (a == b && a != StackKind.Value)
            return a == StackKind.Object ? _types.Object : other is PointerType ? other : one;
        if (a is StackKind.Single or StackKind.Double && b is StackKind.Single or StackKind.Double)
            return _types.Double;
        if (a is StackKind.Int32 or StackKind.Native && b is StackKind.Int32 or StackKind.Native)
            return _types.IntPtr;
        throw new PinnedException(PinCode.NotUnderstood, $"paths that meet with {one.FullName} and {other.FullName}");
    }
}
