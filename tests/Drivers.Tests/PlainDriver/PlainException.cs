using System.Data.Common;

namespace GreenletBridge.Drivers.Tests.PlainDriver;

internal sealed class PlainException(string message) : DbException(message);
