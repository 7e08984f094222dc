// Up to m vectors as one matrix, so that a Gram-Schmidt pass is two matrix-vector products.
#pragma once

#include "curvature_native.h"
#include "live_objects.h"
#include "torch_headers.h"

struct cm_basis : curvature::Counted<curvature::Kind::basis> {
  // `home` is the device that the basis belongs to; `options` say where its rows lie at first.
  cm_basis(int64_t length, int32_t capacity, at::TensorOptions options, at::Device home);

  // Row i of `rows` is vector i: each vector is contiguous, and Vᵀw reads the matrix in order.
  at::Tensor rows;
  at::Device home;
  int64_t count = 0;

  at::Tensor used() const { return rows.narrow(0, 0, count); }
  // Vᵀw and w −= V c, wherever the rows lie; on the host when evicted.
  at::Tensor project(const at::Tensor& w) const;
  void subtract(at::Tensor w, const at::Tensor& coefficients) const;
  // V ← V Q for Q [count, kept] on the host, in place: only a block of the vectors exists twice at any moment.
  void rotate(const at::Tensor& q);
};
