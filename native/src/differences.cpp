#include "differences.h"

#include <cmath>
#include <limits>

namespace curvature {
namespace {

double rounding_of(at::ScalarType type) {
  return type == at::kDouble ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon();
}

double magnitude(const at::Tensor& tensor) { return tensor.norm().item<double>(); }

}  // namespace

Difference central_difference(const std::function<at::Tensor(const at::Tensor&)>& evaluate, const at::Tensor& theta,
                              const at::Tensor& v) {
  const auto length = magnitude(v);
  if (length == 0) return {at::zeros_like(evaluate(theta)), 0};
  const auto rounding = rounding_of(theta.scalar_type());
  // Where the error of the formula, of order h², meets that of rounding, of order 1/h, for f on the scale of θ.
  const auto step = std::cbrt(rounding) * std::max(1.0, magnitude(theta)) / length;
  double scale = 0;
  const auto difference = [&](double h) {
    auto upper = evaluate(theta + v * h);
    scale = std::max(scale, magnitude(upper));
    return upper.sub_(evaluate(theta - v * h)).div_(2 * h);
  };
  const auto whole = difference(step);
  const auto half = difference(step / 2);
  // What the rounding of f itself explains says nothing against the formula.
  const auto noise = 8 * rounding * scale / step;
  const auto distance = std::max(0.0, magnitude(whole - half) - noise);
  return {half, distance / std::max(magnitude(half), std::numeric_limits<double>::min())};
}

double tolerated_discrepancy(at::ScalarType type) { return type == at::kDouble ? 1e-4 : 1e-2; }

}  // namespace curvature
