// Finds where a number first was not finite, and ends the analysis with a failure that says so.
#pragma once

#include "objective.h"

namespace curvature {

bool is_finite(const at::Tensor& tensor);

[[noreturn]] void non_finite(const std::string& message);

// "fc1.weight[3]" for the first entry of a flat vector that is NaN or infinite.
std::string first_non_finite(const TensorLayout& layout, const at::Tensor& flat);

// "sample 3", or "samples 0 to 127".
std::string described_samples(int64_t start, int64_t count);

// Fails when a parameter or a buffer is NaN or infinite; names it.
void require_finite_point(const cm_objective& objective, const Point& point);

// Fails for a batch of samples from `start` whose loss is not finite or, where `gradients` are given, whose gradient is
// not: names the first that is not among the inputs, the outputs, the loss and the gradient's tensors.
[[noreturn]] void fail_batch(const cm_objective& objective, int64_t start, const Batch& batch,
                             const at::Tensor& outputs, const std::vector<at::Tensor>& gradients);

}  // namespace curvature
