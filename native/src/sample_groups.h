// Gradients and curvature products of groups of samples: what the variances and batch sharpness are made of.
#pragma once

#include "linearization.h"

namespace curvature {

enum class GroupOperator { hessian, gauss_newton, residual };

// Group j is the samples order[starts[j]] … order[starts[j + 1] − 1]. Each group is one batch with the mean loss L_B of
// its samples, evaluated at the linearization's point and in its batch-norm mode: groups of one sample give the
// per-sample forms, and a group normalises itself in mode `train`.
struct SampleGroups {
  at::Tensor order;             // int64, on the samples' device
  std::vector<int64_t> starts;  // groups + 1 of them
  int64_t count() const { return static_cast<int64_t>(starts.size()) - 1; }
};

// ‖∇L_B − centre‖², for every group; an undefined centre is zero.
void group_gradient_squares(cm_linearization& at, const SampleGroups& groups, const at::Tensor& centre,
                            double* squares);

// ‖A_B v_i − c_i‖² for every group B and row v_i of `directions`, row-major by group; undefined centres are zero. The
// graph of a group is built once for all directions.
void group_product_squares(cm_linearization& at, GroupOperator kind, const SampleGroups& groups,
                           const at::Tensor& directions, const at::Tensor& centres, double* squares);

// gᵀ A_B g / ‖g‖² with g = ∇L_B, for every group; not a number where g = 0.
void group_rayleigh_quotients(cm_linearization& at, GroupOperator kind, const SampleGroups& groups, double* quotients);

}  // namespace curvature
