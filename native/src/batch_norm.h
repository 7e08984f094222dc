// Batch norm with stored statistics, as the affine map that it is.
#pragma once

#include "torch_headers.h"

namespace curvature {

// y = γ (x − mean) / √(variance + ε) + β for x [N, C, …], differentiable twice in x, γ and β and once forward.
// libtorch's own batch norm has a double backward made for the training mode, of some twenty passes over the
// activations.
at::Tensor stored_batch_norm(const at::Tensor& input, const c10::optional<at::Tensor>& weight,
                             const c10::optional<at::Tensor>& bias, const at::Tensor& mean, const at::Tensor& variance,
                             double epsilon);

// The name of the operator that a graph calls to get it.
constexpr const char* stored_batch_norm_operator = "curvature::stored_batch_norm";

}  // namespace curvature
