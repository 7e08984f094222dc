// Inputs and targets on a device, in a fixed order; immutable, shared by objectives.
#pragma once

#include "curvature_native.h"
#include "live_objects.h"
#include "torch_headers.h"

struct cm_samples : curvature::Counted<curvature::Kind::samples> {
  cm_samples(at::Tensor samples_in, at::Tensor wanted) : inputs(std::move(samples_in)), targets(std::move(wanted)) {}
  at::Tensor inputs;   // [N, …]
  at::Tensor targets;  // labels: int64 [N], or [N, T] for T positions a sample; else numbers [N, K]
  int64_t count() const { return inputs.size(0); }
};
