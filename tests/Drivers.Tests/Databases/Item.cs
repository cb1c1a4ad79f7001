namespace GreenletBridge.Drivers.Tests.Databases;

public sealed class Item
{
    public int Id { get; set; }

    public string Name { get; set; } = "";
}
