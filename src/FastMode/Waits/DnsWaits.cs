using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the blocking calls of <see cref="Dns"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DnsWaits
{
    /// <summary>As <see cref="Dns.GetHostAddresses(string)"/>.</summary>
    [Replaces(typeof(Dns), nameof(Dns.GetHostAddresses))]
    public static IPAddress[] GetHostAddresses(string hostNameOrAddress, WovenStack stack) => MayWait(hostNameOrAddress, stack)
        ? CallWaits.Await(Dns.GetHostAddressesAsync(hostNameOrAddress, stack.BeginCall()), stack)
        : Dns.GetHostAddresses(hostNameOrAddress);

    /// <summary>As <see cref="Dns.GetHostAddresses(string, AddressFamily)"/>.</summary>
    [Replaces(typeof(Dns), nameof(Dns.GetHostAddresses))]
    public static IPAddress[] GetHostAddresses(string hostNameOrAddress, AddressFamily family, WovenStack stack) => MayWait(hostNameOrAddress, stack)
        ? CallWaits.Await(Dns.GetHostAddressesAsync(hostNameOrAddress, family, stack.BeginCall()), stack)
        : Dns.GetHostAddresses(hostNameOrAddress, family);

    /// <summary>As <see cref="Dns.GetHostEntry(string)"/>.</summary>
    [Replaces(typeof(Dns), nameof(Dns.GetHostEntry))]
    public static IPHostEntry GetHostEntry(string hostNameOrAddress, WovenStack stack) => MayWait(hostNameOrAddress, stack)
        ? CallWaits.Await(Dns.GetHostEntryAsync(hostNameOrAddress, stack.BeginCall()), stack)
        : Dns.GetHostEntry(hostNameOrAddress);

    /// <summary>As <see cref="Dns.GetHostEntry(string, AddressFamily)"/>.</summary>
    [Replaces(typeof(Dns), nameof(Dns.GetHostEntry))]
    public static IPHostEntry GetHostEntry(string hostNameOrAddress, AddressFamily family, WovenStack stack) => MayWait(hostNameOrAddress, stack)
        ? CallWaits.Await(Dns.GetHostEntryAsync(hostNameOrAddress, family, stack.BeginCall()), stack)
        : Dns.GetHostEntry(hostNameOrAddress, family);

    /// <summary>As <see cref="Dns.GetHostEntry(IPAddress)"/>.</summary>
    [Replaces(typeof(Dns), nameof(Dns.GetHostEntry))]
    public static IPHostEntry GetHostEntry(IPAddress address, WovenStack stack) => MayWait(address, stack)
        ? CallWaits.Await(Dns.GetHostEntryAsync(address), stack)
        : Dns.GetHostEntry(address);

    // The async forms name what is missing by another name
    private static bool MayWait(object asked, WovenStack stack) => asked is not null && CallWaits.MayWait(stack);
}
