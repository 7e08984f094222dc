// Model + loss + samples in fixed order + batch-norm mode: L(θ) = (1/N) Σ ℓ_i(θ) and its gradient.
#pragma once

#include <memory>

#include "curvature_native.h"
#include "forward_program.h"
#include "live_objects.h"
#include "loss.h"
#include "parameters.h"
#include "samples.h"
#include "script_model.h"
#include "torch_headers.h"

namespace curvature {

enum class BatchNormMode { train, eval, recompute };

// Where the objective is evaluated: one leaf a parameter tensor, and the buffers that go with them.
struct Point {
  std::vector<at::Tensor> leaves;   // require gradients, share no history
  std::vector<at::Tensor> buffers;  // running statistics among them; never changed by a measurement
};

struct Batch {
  at::Tensor inputs;
  at::Tensor targets;
};

}  // namespace curvature

struct cm_objective : curvature::Counted<curvature::Kind::objective> {
  cm_objective(const cm_script_model& model, const cm_samples& data, curvature::LossKind kind,
               curvature::BatchNormMode mode, int64_t micro_batch_size);

  // A snapshot of θ and of the buffers; in mode `recompute` the running statistics are re-estimated at θ first.
  curvature::Point point_at(const at::Tensor& theta);
  // One leaf a parameter tensor, views of θ.
  std::vector<at::Tensor> leaves_of(const at::Tensor& theta) const;
  // The forward pass of a measurement at `point`, in this objective's batch-norm mode.
  at::Tensor forward(const curvature::Point& point, const at::Tensor& batch_inputs);

  // Fails where two forward passes of the first `samples` differ.
  void require_determinism(const curvature::Point& point, int64_t samples);

  int64_t batches() const { return (samples() + micro_batch - 1) / micro_batch; }
  curvature::Batch batch(int64_t index) const { return slice(index * micro_batch, micro_batch); }
  // `length` samples from `start`, or what there is of them.
  curvature::Batch slice(int64_t start, int64_t length) const;
  int64_t samples() const { return inputs.size(0); }
  // Whether a sample's output hangs on the others of its batch, so that the micro-batch is part of the definition of L.
  bool couples_samples() const { return mode_ == curvature::BatchNormMode::train && has_batch_norm(); }
  bool has_batch_norm() const { return measuring_.has_batch_norm(); }

  double gradient(const at::Tensor& theta, at::Tensor destination);
  double batch_gradient(const at::Tensor& theta, const at::Tensor& indices, bool training, at::Tensor destination);
  void evaluate(const at::Tensor& theta, double* mean_loss, double* accuracy);

  void read_buffers(at::Tensor flat) const { buffers.gather(buffer_values_, flat, false); }
  void write_buffers(const at::Tensor& flat);

  curvature::LossKind loss;
  int64_t micro_batch;
  at::Tensor inputs;
  at::Tensor targets;
  torch::jit::Module module;
  curvature::TensorLayout parameters;
  curvature::TensorLayout buffers;
  int64_t outputs_per_sample = 0;

 private:
  void reestimate_statistics(curvature::Point& point);
  void check_forward(const at::Tensor& theta);

  curvature::BatchNormMode mode_;
  curvature::ForwardProgram measuring_;
  std::unique_ptr<curvature::ForwardProgram> training_;      // made when first needed
  std::unique_ptr<curvature::ForwardProgram> reestimating_;  // mode `recompute` only
  std::vector<at::Tensor> buffer_values_;                    // the objective's own, updated by training steps
};
