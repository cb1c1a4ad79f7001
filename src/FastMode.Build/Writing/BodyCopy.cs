using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace GreenletBridge.FastMode.Build;

/// <summary>Copies a method's body into its twin, instruction by instruction.</summary>
internal static class BodyCopy
{
    /// <returns>The method's places in the source, by number of the instruction.</returns>
    public static IReadOnlyList<(int Index, SequencePoint Point)> Copy(MethodDefinition method, MethodDefinition twin)
    {
        var from = method.Body;
        var to = twin.Body;
        to.InitLocals = true;
        // The object of a struct's method is a parameter of its twin.
        var shift = method.HasThis && !twin.HasThis ? 1 : 0;
        var locals = from.Variables.ToDictionary(static v => v, static v => new VariableDefinition(v.VariableType));
        foreach (var local in from.Variables)
            to.Variables.Add(locals[local]);
        var copies = from.Instructions.ToDictionary(static i => i, static _ => Instruction.Create(OpCodes.Nop));
        foreach (var (old, copy) in copies)
        {
            copy.OpCode = old.OpCode;
            copy.Operand = old.Operand switch
            {
                Instruction target => copies[target],
                Instruction[] targets => Array.ConvertAll(targets, t => copies[t]),
                VariableDefinition local => locals[local],
                ParameterDefinition parameter => parameter == from.ThisParameter ? (shift == 0 ? to.ThisParameter : twin.Parameters[0]) : twin.Parameters[parameter.Index + shift],
                var other => other,
            };
        }

        foreach (var instruction in from.Instructions)
            to.Instructions.Add(copies[instruction]);
        foreach (var handler in from.ExceptionHandlers)
        {
            to.ExceptionHandlers.Add(new ExceptionHandler(handler.HandlerType)
            {
                CatchType = handler.CatchType,
                TryStart = At(handler.TryStart),
                TryEnd = At(handler.TryEnd),
                FilterStart = At(handler.FilterStart),
                HandlerStart = At(handler.HandlerStart),
                HandlerEnd = At(handler.HandlerEnd),
            });
        }

        to.SimplifyMacros();
        var byOffset = from.Instructions.Select(static (instruction, index) => (instruction.Offset, index)).Where(static i => i.Offset != Lowering.NoOffset).ToDictionary();
        return [.. method.DebugInformation.SequencePoints.Where(p => byOffset.ContainsKey(p.Offset)).Select(p => (byOffset[p.Offset], p))];

        Instruction? At(Instruction? instruction) => instruction is null ? null : copies[instruction];
    }
}
