using System.Reflection;
using System.Reflection.Emit;

namespace GreenletBridge.FastMode;

/// <summary>Makes the small methods by which twins are entered from outside.</summary>
internal static class Entry
{
    /// <summary>A method of the shape <typeparamref name="TEntry"/> that calls the twin with the target as its first argument.</summary>
    /// <param name="twin">What it calls; takes nothing but the stack and a frame.</param>
    /// <param name="result">What the entry returns.</param>
    internal static TEntry Make<TEntry>(MethodInfo twin, Type result)
        where TEntry : Delegate
    {
        var entry = new DynamicMethod(twin.Name, result, [typeof(object), typeof(WovenStack)], twin.Module, skipVisibility: true);
        var il = entry.GetILGenerator();
        if (!twin.IsStatic)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Castclass, twin.DeclaringType!);
        }

        il.Emit(OpCodes.Ldarg_1);
        EmitCall(il, twin);
        return entry.CreateDelegate<TEntry>();
    }

    /// <summary>As <see cref="Make"/>, for a twin with one argument, which stands behind the target.</summary>
    internal static TEntry MakeWithArgument<TEntry>(MethodInfo twin, Type argument, Type result)
        where TEntry : Delegate
    {
        var entry = new DynamicMethod(twin.Name, result, [typeof(object), argument, typeof(WovenStack)], twin.Module, skipVisibility: true);
        var il = entry.GetILGenerator();
        if (!twin.IsStatic)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Castclass, twin.DeclaringType!);
        }

        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Call, twin);
        il.Emit(OpCodes.Ret);
        return entry.CreateDelegate<TEntry>();
    }

    /// <summary>As <see cref="Make"/>, for a twin with arguments, which are given as objects.</summary>
    internal static TEntry MakeWithArguments<TEntry>(MethodInfo twin, Type result)
        where TEntry : Delegate
    {
        var entry = new DynamicMethod(twin.Name, result, [typeof(object), typeof(object[]), typeof(WovenStack)], twin.Module, skipVisibility: true);
        var il = entry.GetILGenerator();
        if (!twin.IsStatic)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Castclass, twin.DeclaringType!);
        }

        var parameters = twin.GetParameters();
        for (var i = 0; i < parameters.Length - 2; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelem_Ref);
            il.Emit(OpCodes.Unbox_Any, parameters[i].ParameterType);
        }

        il.Emit(OpCodes.Ldarg_2);
        EmitCall(il, twin);
        return entry.CreateDelegate<TEntry>();
    }

    // By its address: the runtime would take a twin that is called by its name into this method, and so out of stack traces.
    // It is the very method that was asked for, as a delegate calls it.
    private static void EmitCall(ILGenerator il, MethodInfo twin)
    {
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldc_I8, (long)twin.MethodHandle.GetFunctionPointer());
        il.Emit(OpCodes.Conv_I);
        il.EmitCalli(
            OpCodes.Calli,
            twin.IsStatic ? CallingConventions.Standard : CallingConventions.HasThis,
            twin.ReturnType,
            Array.ConvertAll(twin.GetParameters(), static p => p.ParameterType),
            null);
        il.Emit(OpCodes.Ret);
    }
}
