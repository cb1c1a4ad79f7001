using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>A place inside of an object, kept as its distance from the object's first field: objects move, the distance stays.</summary>
internal sealed class InnerPlace<T> : Ref<T>
{
    private readonly object _owner;
    private readonly nint _distance;

    internal InnerPlace(object owner, ref T place)
    {
        _owner = owner;
        _distance = Unsafe.ByteOffset(ref First(owner), ref Unsafe.As<T, byte>(ref place));
    }

    public override ref T Place => ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref First(_owner), _distance));

    public override object Owner => _owner;

    private static ref byte First(object owner) => ref Unsafe.As<Plain>(owner).FirstByte;

    // What any object looks like behind its header.
    private sealed class Plain
    {
#pragma warning disable CS0649 // Only its address is taken
        internal byte FirstByte;
#pragma warning restore CS0649
    }
}
