#include "basis.h"

#include <algorithm>

#include "status.h"
#include "vector.h"

using curvature::guard;

cm_basis::cm_basis(int64_t length, int32_t capacity, at::TensorOptions options, at::Device home)
    : rows(at::empty({capacity, length}, options)), home(home) {}

at::Tensor cm_basis::project(const at::Tensor& w) const { return used().mv(w.to(rows.device())); }

void cm_basis::subtract(at::Tensor w, const at::Tensor& coefficients) const {
  if (w.device() == rows.device()) {
    w.addmv_(used().t(), coefficients, 1, -1);
  } else {
    w.sub_(used().t().mv(coefficients).to(w.device()));
  }
}

void cm_basis::rotate(const at::Tensor& q) {
  // In float64 whatever the element type: a restarted process rotates its basis many times, and what each rotation adds
  // to the loss of orthogonality should be the rounding of storing the result and no more.
  const auto transposed = q.t().to(rows.device()).contiguous();
  const int64_t block = rows.is_cuda() ? int64_t{1} << 18 : int64_t{1} << 13;
  const auto kept = q.size(1);
  for (int64_t first = 0; first < rows.size(1); first += block) {
    const auto part = rows.narrow(1, first, std::min(block, rows.size(1) - first));
    part.narrow(0, 0, kept).copy_(transposed.mm(part.narrow(0, 0, count).to(at::kDouble)));
  }
  count = kept;
}

namespace {

at::Tensor coefficients_of(const cm_basis* basis, const double* values, int32_t count) {
  if (count != basis->count)
    curvature::invalid(std::to_string(count) + " coefficients for a basis of " + std::to_string(basis->count) +
                       " vectors");
  return curvature::host_view(values, {count}, at::kDouble).to(basis->rows.options());
}

cm_basis* create(int64_t length, int32_t capacity, int32_t type, at::Device place, at::Device home) {
  if (length < 0 || capacity < 1) curvature::invalid("a basis needs room for at least one vector");
  return new cm_basis(length, capacity, at::TensorOptions().dtype(curvature::element_type(type)).device(place), home);
}

void require_fit(const cm_basis* basis, const cm_vector* vector) {
  curvature::require_length(vector->values, basis->rows.size(1), "the vector");
  if (vector->values.scalar_type() != basis->rows.scalar_type())
    curvature::invalid("the vector's element type is not the basis's");
}

}  // namespace

extern "C" {

cm_status cm_basis_create(int64_t length, int32_t capacity, int32_t type, int32_t device, cm_basis** out,
                          cm_error* error) {
  return guard(error,
               [&] { *out = create(length, capacity, type, curvature::device(device), curvature::device(device)); });
}

cm_status cm_basis_create_on_host(int64_t length, int32_t capacity, int32_t type, int32_t device, cm_basis** out,
                                  cm_error* error) {
  return guard(error, [&] { *out = create(length, capacity, type, at::kCPU, curvature::device(device)); });
}

void cm_basis_free(cm_basis* basis) { delete basis; }

cm_status cm_basis_append(cm_basis* basis, cm_vector* v, cm_error* error) {
  return guard(error, [&] {
    require_fit(basis, v);
    if (basis->count == basis->rows.size(0))
      curvature::invalid("the basis is full: it has room for " + std::to_string(basis->count) + " vectors");
    basis->rows.select(0, basis->count).copy_(v->values);
    ++basis->count;
  });
}

cm_status cm_basis_truncate(cm_basis* basis, int32_t count, cm_error* error) {
  return guard(error, [&] {
    if (count < 0 || count > basis->count)
      curvature::invalid("cannot keep " + std::to_string(count) + " of " + std::to_string(basis->count) + " vectors");
    basis->count = count;
  });
}

cm_status cm_basis_copy_column(cm_basis* basis, int32_t column, cm_vector* destination, cm_error* error) {
  return guard(error, [&] {
    require_fit(basis, destination);
    if (column < 0 || column >= basis->count)
      curvature::invalid("vector " + std::to_string(column) + " of a basis of " + std::to_string(basis->count));
    destination->values.copy_(basis->rows.select(0, column));
  });
}

cm_status cm_basis_project(cm_basis* basis, cm_vector* w, double* coefficients, int32_t count, cm_error* error) {
  return guard(error, [&] {
    require_fit(basis, w);
    if (count != basis->count)
      curvature::invalid("room for " + std::to_string(count) + " coefficients, the basis has " +
                         std::to_string(basis->count) + " vectors");
    curvature::host_view(coefficients, {count}, at::kDouble).copy_(basis->project(w->values));
  });
}

cm_status cm_basis_subtract(cm_basis* basis, cm_vector* w, const double* coefficients, int32_t count, cm_error* error) {
  return guard(error, [&] {
    require_fit(basis, w);
    basis->subtract(w->values, coefficients_of(basis, coefficients, count));
  });
}

cm_status cm_basis_combine(cm_basis* basis, const double* coefficients, int32_t count, cm_vector* destination,
                           cm_error* error) {
  return guard(error, [&] {
    require_fit(basis, destination);
    destination->values.copy_(basis->used().t().mv(coefficients_of(basis, coefficients, count)));
  });
}

cm_status cm_basis_orthogonalise(cm_basis* basis, cm_vector* w, cm_error* error) {
  return guard(error, [&] {
    require_fit(basis, w);
    if (basis->count > 0) basis->subtract(w->values, basis->project(w->values));
  });
}

cm_status cm_basis_rotate(cm_basis* basis, const double* rotation, int32_t count, int32_t kept, cm_error* error) {
  return guard(error, [&] {
    if (count != basis->count || kept < 0 || kept > count)
      curvature::invalid("a rotation of " + std::to_string(count) + " to " + std::to_string(kept) +
                         " vectors for a basis of " + std::to_string(basis->count));
    basis->rotate(curvature::host_view(rotation, {count, kept}, at::kDouble));
  });
}

cm_status cm_basis_share_column(cm_basis* basis, int32_t column, cm_vector** out, cm_error* error) {
  return guard(error, [&] {
    if (column < 0 || column >= basis->count)
      curvature::invalid("vector " + std::to_string(column) + " of a basis of " + std::to_string(basis->count));
    if (basis->rows.device() != basis->home)
      curvature::invalid("an evicted basis cannot share its vectors: restore it to the device, or copy them");
    *out = new cm_vector(basis->rows.select(0, column));
  });
}

cm_status cm_basis_place(cm_basis* basis, int32_t on_host, cm_error* error) {
  return guard(error, [&] { basis->rows = basis->rows.to(on_host ? at::Device(at::kCPU) : basis->home); });
}

}  // extern "C"
