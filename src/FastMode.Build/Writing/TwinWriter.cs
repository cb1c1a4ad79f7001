using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace GreenletBridge.FastMode.Build;

/// <summary>Writes the body of one twin: the method's own code, which after each call that may wait looks whether it does.</summary>
/// <remarks>
/// If so it saves what it needs in a frame and returns. Entered with a frame it takes everything back and goes on behind that call,
/// through the heads of the protected blocks around it, because such a block can only be entered at its first instruction.
/// </remarks>
internal sealed partial class TwinWriter
{
    private readonly MethodPlan _plan;
    private readonly FlowGraph _flow;
    private readonly MethodDefinition _twin;
    private readonly MethodBody _body;
    private readonly ModuleDefinition _module;
    private readonly Runtime _runtime;
    private readonly TwinTable _twins;
    private readonly GuardTable _guards;
    private readonly Func<CallSite, bool> _pinsPlainCall;
    private readonly IReadOnlyList<(int Index, SequencePoint Point)> _points;
    private readonly Instruction[] _old;
    private readonly Dictionary<Instruction, int> _oldIndex;
    private readonly List<Instruction> _new = [];
    private readonly Dictionary<int, CallSite> _active;
    private readonly FrameClass? _frame;
    private readonly TempPool _temps;
    private readonly VariableDefinition? _frameLocal;
    private readonly VariableDefinition? _state;
    private readonly VariableDefinition? _default;
    private readonly Dictionary<CallSite, List<VariableDefinition>> _kept = [];
    private readonly Dictionary<CallSite, Instruction> _resume = [];
    private readonly List<(int At, CallSite Site, List<VariableDefinition> Kept)> _clears = [];
    private VariableDefinition? _delegateLocal;
    private readonly Instruction _restore = Instruction.Create(OpCodes.Nop);
    private readonly Instruction _leave = Instruction.Create(OpCodes.Nop);

    public TwinWriter(MethodPlan plan, ModuleDefinition module, Runtime runtime, TwinTable twins, GuardTable guards, Func<CallSite, bool> pinsPlainCall)
    {
        _plan = plan;
        _flow = plan.Flow!;
        _twin = plan.Twin!;
        _module = module;
        _runtime = runtime;
        _twins = twins;
        _guards = guards;
        _pinsPlainCall = pinsPlainCall;
        _points = BodyCopy.Copy(plan.Method, _twin);
        _body = _twin.Body;
        _old = [.. _body.Instructions];
        _oldIndex = _old.Select(static (instruction, index) => (instruction, index)).ToDictionary();
        _temps = new TempPool(_body, module.TypeSystem);
        _active = plan.Active.ToDictionary(static s => s.Index);
        if (_active.Count == 0)
            return;
        FindPlaces();
        _frame = new FrameClass(_twin, runtime);
        _frameLocal = AddLocal(_frame.Type);
        if (ReturnsValue)
            _default = AddLocal(TypeMath.WithoutModifiers(_twin.ReturnType));
        if (plan.Active.Any(s => _flow.Around(s.Index).Any()))
            _state = AddLocal(module.TypeSystem.Int32);
        foreach (var site in plan.Active)
            _resume.Add(site, Instruction.Create(OpCodes.Nop));
        foreach (var region in _flow.Regions.Where(r => _active.Keys.Any(r.Contains)))
            _heads.Add(region, Instruction.Create(OpCodes.Ldloc, _state));
    }

    private bool ReturnsValue => _twin.ReturnType.MetadataType != MetadataType.Void;

    private ParameterDefinition StackArgument => _twin.Parameters[^2];

    private ParameterDefinition FrameArgument => _twin.Parameters[^1];

    public void Write()
    {
        if (_frame is not null)
        {
            Emit(OpCodes.Ldarg, FrameArgument);
            Emit(OpCodes.Brtrue, _restore);
            WriteVariables();
        }

        WriteClassConstructor();

        for (var i = 0; i < _old.Length; i++)
        {
            BeginInstruction(i);
            if (_active.TryGetValue(i, out var site))
                WriteSite(site);
            else if (_plan.Replaced.TryGetValue(i, out var primitive))
                WriteReplaced(primitive, (MethodReference)_old[i].Operand);
            else
                WriteOther(i);
        }

        EndInstructions();
        WriteClears();
        if (_frame is not null)
        {
            if (_state is not null)
                WriteLeave();
            WriteRestore();
            _frame.WriteResume();
        }

        _body.Instructions.Clear();
        foreach (var instruction in _new)
            _body.Instructions.Add(instruction);
        MoveSequencePoints();
        _body.OptimizeMacros();
    }

    private void WriteReplaced(MethodDefinition primitive, MethodReference callee)
    {
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Call, Instance(_runtime.Import(primitive), callee));
    }

    /// <summary>A frame that is used again must not keep what only an earlier wait needed.</summary>
    private void WriteClears()
    {
        if (_frame is null || _plan.Active.Count < 2)
            return;
        var fields = _frame.Objects.ToList();
        foreach (var (at, site, kept) in _clears.AsEnumerable().Reverse())
        {
            var needed = site.LiveArguments.Where(a => !_argumentVariables.ContainsKey(a)).Select(_frame.Argument).Concat(kept.Select(_frame.Local)).Select(static f => f.Name).ToHashSet(StringComparer.Ordinal);
            var clear = new List<Instruction>();
            foreach (var field in fields.Where(f => !needed.Contains(f.Name)))
                clear.AddRange([Instruction.Create(OpCodes.Ldloc, _frameLocal), Instruction.Create(OpCodes.Ldnull), Instruction.Create(OpCodes.Stfld, field)]);
            _new.InsertRange(at, clear);
        }
    }

    /// <summary>Where a wait in a protected block leaves by: the value is nobody's.</summary>
    private void WriteLeave()
    {
        _new.Add(_leave);
        if (ReturnsValue)
            Emit(OpCodes.Ldloc, _default!);
        Emit(OpCodes.Ret);
    }

    private void WriteRestore()
    {
        _new.Add(_restore);
        Emit(OpCodes.Ldarg, FrameArgument);
        Emit(OpCodes.Castclass, _frame!.Type);
        Emit(OpCodes.Stloc, _frameLocal!);
        Emit(OpCodes.Ldloc, _frameLocal!);
        Emit(OpCodes.Ldfld, _runtime.State);
        var entries = _plan.Active.Select(static _ => Instruction.Create(OpCodes.Nop)).ToArray();
        Emit(OpCodes.Switch, entries);
        Emit(OpCodes.Ldnull);
        Emit(OpCodes.Throw);
        for (var i = 0; i < entries.Length; i++)
        {
            var site = _plan.Active[i];
            _new.Add(entries[i]);
            foreach (var local in _kept[site])
            {
                WriteRestored(local);
            }

            if (_flow.Around(site.Index).FirstOrDefault() is { } outermost)
            {
                Emit(OpCodes.Ldc_I4, i + 1);
                Emit(OpCodes.Stloc, _state!);
                Emit(OpCodes.Br, _heads[outermost]);
            }
            else
            {
                Emit(OpCodes.Br, _resume[site]);
            }
        }
    }

    private void WriteSaved(VariableDefinition local)
    {
        if (!TypeMath.IsInterpolation(local.VariableType))
        {
            Emit(OpCodes.Ldloc, local);
            return;
        }

        Emit(OpCodes.Ldloca, local);
        Emit(OpCodes.Call, _runtime.SaveInterpolation);
    }

    private void WriteRestored(VariableDefinition local)
    {
        Emit(OpCodes.Ldloc, _frameLocal!);
        Emit(OpCodes.Ldfld, _frame!.Local(local));
        if (TypeMath.IsInterpolation(local.VariableType))
            Emit(OpCodes.Call, _runtime.LoadInterpolation);
        Emit(OpCodes.Stloc, local);
    }

    private VariableDefinition AddLocal(TypeReference type)
    {
        var local = new VariableDefinition(type);
        _body.Variables.Add(local);
        return local;
    }

    private void Emit(OpCode code) => _new.Add(Instruction.Create(code));

    private void Emit(OpCode code, VariableDefinition local) => _new.Add(Instruction.Create(code, local));

    private void Emit(OpCode code, ParameterDefinition parameter) => _new.Add(Instruction.Create(code, parameter));

    private void Emit(OpCode code, Instruction target) => _new.Add(Instruction.Create(code, target));

    private void Emit(OpCode code, Instruction[] targets) => _new.Add(Instruction.Create(code, targets));

    private void Emit(OpCode code, FieldReference field) => _new.Add(Instruction.Create(code, field));

    private void Emit(OpCode code, MethodReference method) => _new.Add(Instruction.Create(code, method));

    private void Emit(OpCode code, TypeReference type) => _new.Add(Instruction.Create(code, type));

    private void Emit(OpCode code, int value) => _new.Add(Instruction.Create(code, value));
}
