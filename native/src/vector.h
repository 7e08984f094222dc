// P numbers on a device: the flat vectors on which all mathematics above this library works.
#pragma once

#include "curvature_native.h"
#include "live_objects.h"
#include "torch_headers.h"

struct cm_vector : curvature::Counted<curvature::Kind::vector> {
  explicit cm_vector(at::Tensor tensor) : values(std::move(tensor)) {}
  at::Tensor values;  // [P], contiguous, no autograd history
};

namespace curvature {

at::ScalarType element_type(int32_t type);
at::Device device(int32_t index);  // refuses CUDA where libtorch has none

// Views host memory as a tensor of `type` without copying; it must outlive the use.
at::Tensor host_view(const void* values, at::IntArrayRef shape, at::ScalarType type);

void require_length(const at::Tensor& values, int64_t length, const char* what);

// aᵀb with float64 accumulation whatever the element type: α and β of Lanczos are differences of such sums.
double dot(const at::Tensor& a, const at::Tensor& b);

}  // namespace curvature
