using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>The names that the functions of a program see.</summary>
internal interface IProgramNames
{
    /// <summary>The function of a qualified name; null where there is none.</summary>
    Function? FindFunction(string name);

    /// <summary>The class of a qualified name; null where there is none.</summary>
    ClassLayout? FindClass(string name);

    /// <summary>The constant of a number, as in <c>CONSTANTS.c0</c>; null where there is none.</summary>
    Cell? FindConstant(int number);

    /// <summary>Notes that an operation is used, or a method, which may be one of an operation's.</summary>
    void Note(string operation, bool isMethod);

    /// <summary>Notes that there are several ways through a function.</summary>
    void NoteBranch();
}
