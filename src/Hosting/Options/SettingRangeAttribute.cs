using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace GreenletBridge.Hosting;

/// <summary>Range of a number or a time span; its error names key, value and range.</summary>
/// <remarks>The framework's RangeAttribute cannot show the value that was wrong.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingRangeAttribute : ValidationAttribute
{
    public SettingRangeAttribute(int minimum, int maximum)
    {
        Minimum = minimum;
        Maximum = maximum;
    }

    public SettingRangeAttribute(string minimum, string maximum)
    {
        Minimum = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);
        Maximum = TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);
    }

    public IComparable Minimum { get; }

    public IComparable Maximum { get; }

    public override string ToString() => $"{SettingText.Of(Minimum)} to {SettingText.Of(Maximum)}";

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (Minimum.CompareTo(value) <= 0 && Maximum.CompareTo(value) >= 0)
            ? ValidationResult.Success
            : new ValidationResult(SettingText.Wrong(SettingText.KeyOf(validationContext), value, ToString()));
}
