// The two losses: their values, and their closed-form Hessian with respect to the model's outputs.
#pragma once

#include "torch_headers.h"

namespace curvature {

enum class LossKind { cross_entropy, mean_squared_error };

LossKind loss_kind(int32_t code);

// Refuses outputs and targets that do not fit each other, saying what was expected.
void check_outputs(LossKind kind, const at::Tensor& outputs, const at::Tensor& targets);

// Σ over the batch of ℓ_i (mse: the mean over the K outputs; labels [b, T]: the mean over the T positions), so that
// batches add up; a scalar with history.
at::Tensor summed_loss(LossKind kind, const at::Tensor& outputs, const at::Tensor& targets);

// (∂²ℓ_i/∂z²) u_i for every sample i: cross-entropy p∘u − p(pᵀu), mse (2/K) u. `outputs` is z, [b, K]
// like u; or [b, K, T], and the Hessian is 1/T times one block a position.
at::Tensor output_hessian_product(LossKind kind, const at::Tensor& outputs, const at::Tensor& u);

// Labels whose class has the largest output; undefined for mse.
int64_t correct(const at::Tensor& outputs, const at::Tensor& targets);

}  // namespace curvature
