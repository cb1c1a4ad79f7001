using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>What ties code to the thread it runs on, other than the locks of <see cref="Monitor"/>.</summary>
internal static class ThreadAffinity
{
    private static readonly HashSet<string> _types = new(StringComparer.Ordinal)
    {
        "System.Threading.ReaderWriterLock", "System.Threading.ReaderWriterLockSlim", "System.Threading.SpinLock", "System.Threading.Mutex",
        "System.Threading.ThreadLocal`1", "System.Transactions.TransactionScope", "System.Threading.AsyncFlowControl",
    };

    private static readonly HashSet<string> _methods = new(StringComparer.Ordinal)
    {
        "System.Threading.Lock::Enter", "System.Threading.Lock::TryEnter",
        "System.Threading.Thread::BeginThreadAffinity", "System.Threading.Thread::BeginCriticalRegion",
        "System.Threading.Thread::GetData", "System.Threading.Thread::SetData",
        "System.Threading.Thread::set_Priority", "System.Threading.Thread::set_Name", "System.Threading.Thread::set_IsBackground",
        "System.Threading.Thread::SetApartmentState", "System.Threading.Thread::TrySetApartmentState",
        "System.Threading.WaitHandle::WaitAll", "System.Threading.WaitHandle::WaitAny", "System.Threading.WaitHandle::SignalAndWait",
        "System.Transactions.Transaction::set_Current",
        "System.Runtime.InteropServices.Marshal::GetLastWin32Error", "System.Runtime.InteropServices.Marshal::GetLastPInvokeError",
    };

    // What looks at the stack below sees a twin, or the engine.
    private static readonly HashSet<string> _stack = new(StringComparer.Ordinal)
    {
        "System.Reflection.Assembly::GetCallingAssembly", "System.Reflection.MethodBase::GetCurrentMethod",
        "System.Environment::get_StackTrace",
    };

    private static readonly HashSet<string> _stackTypes = new(StringComparer.Ordinal) { "System.Diagnostics.StackTrace", "System.Diagnostics.StackFrame" };

    /// <summary>What in the instruction belongs to its thread, in words; null when nothing.</summary>
    public static string? Of(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case FieldReference field when instruction.OpCode.Code is Code.Ldsfld or Code.Stsfld or Code.Ldsflda:
                return field.Resolve() is { } definition && TypeMath.HasAttribute(definition, "System.ThreadStaticAttribute") ? $"the thread-static field {field.FullName}" : null;
            case MethodReference method:
                var type = method.DeclaringType.GetElementType().FullName;
                // Counters of a lock that is not held say nothing.
                return _types.Contains(type) || _methods.Contains($"{type}::{method.Name}") ? $"{type}.{method.Name}" : null;
            default:
                return null;
        }
    }

    /// <summary>Whether the instruction, run plainly, may leave a mutex with its thread: a twin asks the handle itself.</summary>
    public static bool MayTakeMutex(Instruction instruction, MethodDefinition method)
    {
        if (instruction.Operand is not MethodReference { Name: "WaitOne", DeclaringType.FullName: "System.Threading.WaitHandle" } callee)
            return false;
        return callee.Parameters.Count > 0 || Disposals.TypeBefore(instruction, method)?.Resolve() is not { } type
            || type.FullName == "System.Threading.WaitHandle" || TypeMath.Derives(type, "System.Threading.Mutex");
    }

    /// <summary>Whether the instruction looks at the stack.</summary>
    public static bool LooksAtStack(Instruction instruction) =>
        instruction.Operand is MethodReference method
        && ((instruction.OpCode.Code == Code.Newobj && _stackTypes.Contains(method.DeclaringType.FullName)) || _stack.Contains($"{method.DeclaringType.FullName}::{method.Name}"));
}
