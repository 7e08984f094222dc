using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tensors;

/// <summary>Layouts and bundles of models of the engine.</summary>
public static class ModelFiles
{
    extension(CheckpointLayout)
    {
        /// <summary>The layout of a model.</summary>
        public static CheckpointLayout Of(ScriptModel model)
        {
            ArgumentNullException.ThrowIfNull(model);
            return new CheckpointLayout(model.Parameters, model.Buffers, model.Discretes);
        }
    }

    extension(RunBundle)
    {
        /// <summary>Makes a bundle with a model of its own and without checkpoints.</summary>
        /// <param name="directory">The folder; it is made where needed, and must hold no bundle yet.</param>
        /// <param name="manifest">The content of <c>run.json</c>.</param>
        /// <param name="probe">The probe set.</param>
        /// <param name="model">The model to save where the manifest names a TorchScript file; null where it names a
        /// built-in one.</param>
        /// <exception cref="Storage.BundleException">The folder holds a bundle, or cannot be written.</exception>
        /// <exception cref="ArgumentException">The model is given where the manifest names a built-in one or the
        /// reverse, the targets do not suit the loss, or the run's name is not valid.</exception>
        /// <exception cref="DerivativeException">The model cannot be saved.</exception>
        public static RunBundle Create(string directory, RunManifest manifest, ProbeSet probe, ScriptModel? model) =>
            RunBundle.Create(directory, manifest, probe, model is null ? null : new Action<string>(model.Save));
    }
}
