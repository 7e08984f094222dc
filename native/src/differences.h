// Derivatives by central differences, for operations that lack a second derivative: approximate, and only where halving
// the step agrees.
#pragma once

#include <functional>

#include "torch_headers.h"

namespace curvature {

struct Difference {
  at::Tensor derivative;  // D(h/2), with D(h) = (f(θ + h v) − f(θ − h v)) / 2h
  // ‖D(h) − D(h/2)‖ / ‖D(h/2)‖ but for rounding: three times the error of D(h/2) where f is smooth enough.
  double discrepancy;
};

// `evaluate` gives f, without history, at a flat θ.
Difference central_difference(const std::function<at::Tensor(const at::Tensor&)>& evaluate, const at::Tensor& theta,
                              const at::Tensor& v);

// The largest discrepancy at which D counts as a derivative. Across kinks (ReLU, max pool) it is of the order of 1.
double tolerated_discrepancy(at::ScalarType type);

}  // namespace curvature
