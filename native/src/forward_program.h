// A module's forward pass as one inlined TorchScript graph whose batch norms run in a chosen mode.
#pragma once

#include "torch_headers.h"

namespace curvature {

enum class BatchNorm {
  batch,       // normalise with the batch, running statistics untouched: the mode `train` of a measurement
  running,     // normalise with the running statistics: `eval`
  update,      // normalise with the batch and update the running statistics with the layer's momentum: a training step
  reestimate,  // as update, but the momentum is given with each batch: `recompute`
};

// Rewriting the graph, not the module's `training` flag, has two reasons: only batch norm may change mode (dropout is
// always off), and a traced module has its flag burnt into the graph as a constant.
class ForwardProgram {
 public:
  ForwardProgram(const torch::jit::Module& module, BatchNorm mode, at::ScalarType type, at::Device device);

  at::Tensor run(const at::Tensor& inputs) const;
  at::Tensor run(const at::Tensor& inputs, double momentum) const;

  bool has_batch_norm() const { return has_batch_norm_; }

 private:
  at::Tensor run(std::vector<c10::IValue> stack) const;

  torch::jit::Module module_;
  bool has_batch_norm_ = false;
  bool takes_momentum_ = false;
  std::unique_ptr<torch::jit::Code> code_;
};

}  // namespace curvature
