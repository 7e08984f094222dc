// A TorchScript module: loaded from a file, or defined from source with registered parameters and buffers.
#pragma once

#include <mutex>

#include "curvature_native.h"
#include "live_objects.h"
#include "parameters.h"
#include "torch_headers.h"

struct cm_script_model : curvature::Counted<curvature::Kind::script_model> {
  cm_script_model(torch::jit::Module script, at::ScalarType element_type, at::Device on);

  // A module of its own with the same values, for an objective that binds other tensors to its slots.
  torch::jit::Module copy() const;
  const curvature::TensorLayout& layout(bool of_buffers) const { return of_buffers ? buffers : parameters; }

  torch::jit::Module module;
  at::ScalarType type;
  at::Device device;
  curvature::TensorLayout parameters;
  curvature::TensorLayout buffers;

 private:
  mutable std::mutex copying_;  // several objectives may be made from one model at the same time
};
