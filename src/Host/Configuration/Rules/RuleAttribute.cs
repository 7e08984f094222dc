namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>What the values of an option must satisfy beyond their type.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class RuleAttribute : Attribute
{
    /// <summary>What to give, as the second half of a message: "give a number from 0 to 60".</summary>
    internal abstract string Remedy { get; }

    /// <summary>The values that are allowed, for documentation; empty where the description says it.</summary>
    internal virtual string Allowed => "";

    /// <summary>
    /// The words to choose from, with commas between, which take the place of <c>{words}</c> in the option's
    /// description; empty where there are none.
    /// </summary>
    internal virtual string Listing => "";

    /// <summary>Looks at a value.</summary>
    /// <returns>Null where it can be used, else what to give.</returns>
    internal abstract string? Complaint(object value);
}
