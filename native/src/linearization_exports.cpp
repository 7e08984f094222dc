// The C functions on linearizations.
#include <cstring>

#include "blocks.h"
#include "linearization.h"
#include "status.h"
#include "vector.h"

using curvature::guard;

namespace {

void require_parameters(const cm_linearization* linearization, const cm_vector* vector, const char* what) {
  curvature::require_length(vector->values, linearization->objective.parameters.total(), what);
  if (vector->values.scalar_type() != linearization->gradient.scalar_type())
    curvature::invalid(std::string(what) + " has another element type than the parameters");
}

void require_outputs(const cm_linearization* linearization, const cm_vector* vector) {
  const auto& objective = linearization->objective;
  curvature::require_length(vector->values, objective.samples() * objective.outputs_per_sample, "the outputs");
}

}  // namespace

extern "C" {

cm_status cm_linearization_create(cm_objective* objective, cm_vector* theta, int64_t retain_bytes, int64_t limit_bytes,
                                  cm_linearization** out, double* loss, cm_error* error) {
  return guard(error, [&] {
    *out = new cm_linearization(*objective, theta->values, retain_bytes, limit_bytes);
    *loss = (*out)->loss;
  });
}

void cm_linearization_free(cm_linearization* linearization) {
  delete linearization;
  curvature::blocks::release_idle();
}

cm_status cm_linearization_gradient(cm_linearization* linearization, cm_vector* destination, cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, destination, "the destination");
    destination->values.copy_(linearization->gradient);
  });
}

cm_status cm_linearization_hessian_product(cm_linearization* linearization, cm_vector* v, cm_vector* result,
                                           cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, v, "the vector");
    require_parameters(linearization, result, "the result");
    linearization->hessian_product(v->values, result->values);
  });
}

cm_status cm_linearization_gauss_newton_product(cm_linearization* linearization, cm_vector* v, cm_vector* result,
                                                cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, v, "the vector");
    require_parameters(linearization, result, "the result");
    linearization->gauss_newton_product(v->values, result->values);
  });
}

cm_status cm_linearization_jacobian_product(cm_linearization* linearization, cm_vector* v, cm_vector* outputs,
                                            cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, v, "the vector");
    require_outputs(linearization, outputs);
    linearization->jacobian_product(v->values, outputs->values);
  });
}

cm_status cm_linearization_vector_jacobian_product(cm_linearization* linearization, cm_vector* outputs,
                                                   cm_vector* result, cm_error* error) {
  return guard(error, [&] {
    require_outputs(linearization, outputs);
    require_parameters(linearization, result, "the result");
    linearization->vector_jacobian_product(outputs->values, result->values);
  });
}

cm_status cm_linearization_stats(cm_linearization* linearization, int32_t* micro_batches, int32_t* retained,
                                 int64_t* retained_bytes, int64_t* peak_bytes, cm_error* error) {
  return guard(error, [&] {
    *micro_batches = static_cast<int32_t>(linearization->batches());
    *retained = linearization->retained_batches();
    *retained_bytes = linearization->retained_bytes;
    *peak_bytes = linearization->peak_bytes;
  });
}

cm_status cm_linearization_degradation(cm_linearization* linearization, int32_t* rebuilt, int64_t* micro_batch,
                                       char* lacking, int32_t capacity, double* discrepancy, cm_error* error) {
  return guard(error, [&] {
    *rebuilt = linearization->rebuilt ? 1 : 0;
    *micro_batch = linearization->micro_batch;
    *discrepancy = linearization->discrepancy;
    std::strncpy(lacking, linearization->lacking.c_str(), static_cast<size_t>(capacity) - 1);
    lacking[capacity - 1] = '\0';
  });
}

}  // extern "C"
