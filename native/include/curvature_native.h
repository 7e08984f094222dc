// The C boundary between libtorch and C#. One call is one algorithmic step: a gradient, a curvature product, a
// projection on a basis. Every function returns a cm_status and, when that is not CM_OK, fills `error` with one line.
// Handles are opaque, created by *_create/*_load/*_define, freed by *_free, and used by one thread at a time.
#pragma once

#include <stdint.h>

#if defined(__GNUC__)
#define CM_API __attribute__((visibility("default")))
#else
#define CM_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cm_status {
  CM_OK = 0,
  CM_INVALID_ARGUMENT = 1,
  CM_OUT_OF_MEMORY = 2,
  CM_UNSUPPORTED_OPERATION = 3,
  CM_DEVICE_UNAVAILABLE = 4,
  CM_NATIVE = 5,
  CM_NON_FINITE = 6
} cm_status;

typedef struct cm_error {
  char message[1024];
} cm_error;

// Element types: 0 = float32, 1 = float64, 2 = int64 (inputs of token models only).
// Devices: -1 = cpu, n >= 0 = CUDA device n.

typedef struct cm_vector cm_vector;
typedef struct cm_basis cm_basis;
typedef struct cm_script_model cm_script_model;
typedef struct cm_samples cm_samples;
typedef struct cm_objective cm_objective;
typedef struct cm_linearization cm_linearization;

// ---- runtime -------------------------------------------------------------------------------------------------------
CM_API cm_status cm_runtime_describe(char* version, char* blas, int32_t capacity, int32_t* has_cuda,
                                     int32_t* cuda_devices, cm_error* error);
CM_API cm_status cm_runtime_check_device(int32_t device, cm_error* error);
CM_API cm_status cm_runtime_set_threads(int32_t threads, cm_error* error);
CM_API cm_status cm_runtime_get_threads(int32_t* threads, cm_error* error);
// Kinds in the order of the handles above: vector, basis, script model, samples, objective, linearization.
CM_API cm_status cm_runtime_live(int64_t* objects_by_kind, int32_t kinds, int64_t* bytes, int64_t* peak_bytes,
                                 cm_error* error);

// ---- vector --------------------------------------------------------------------------------------------------------
CM_API cm_status cm_vector_create(int64_t length, int32_t type, int32_t device, cm_vector** out, cm_error* error);
CM_API void cm_vector_free(cm_vector* vector);
CM_API cm_status cm_vector_clone(cm_vector* source, cm_vector** out, cm_error* error);
CM_API cm_status cm_vector_copy(cm_vector* destination, cm_vector* source, cm_error* error);
// Copies `count` entries from `source_start` on to `start` on.
CM_API cm_status cm_vector_copy_range(cm_vector* destination, int64_t start, cm_vector* source, int64_t source_start,
                                      int64_t count, cm_error* error);
CM_API cm_status cm_vector_read(cm_vector* source, void* values, int64_t count, int32_t type, cm_error* error);
CM_API cm_status cm_vector_write(cm_vector* destination, const void* values, int64_t count, int32_t type,
                                 cm_error* error);
CM_API cm_status cm_vector_fill(cm_vector* vector, double value, cm_error* error);
CM_API cm_status cm_vector_fill_normal(cm_vector* vector, int64_t seed, cm_error* error);
CM_API cm_status cm_vector_fill_rademacher(cm_vector* vector, int64_t seed, cm_error* error);
CM_API cm_status cm_vector_dot(cm_vector* a, cm_vector* b, double* out, cm_error* error);
CM_API cm_status cm_vector_sum(cm_vector* a, double* out, cm_error* error);
CM_API cm_status cm_vector_max_abs(cm_vector* a, double* out, cm_error* error);
CM_API cm_status cm_vector_is_finite(cm_vector* a, int32_t* out, cm_error* error);
CM_API cm_status cm_vector_scale(cm_vector* a, double factor, cm_error* error);
CM_API cm_status cm_vector_add(cm_vector* a, cm_vector* x, double factor, cm_error* error);
CM_API cm_status cm_vector_multiply(cm_vector* a, cm_vector* x, cm_error* error);
CM_API cm_status cm_vector_blend(cm_vector* a, double beta, cm_vector* x, cm_error* error);
CM_API cm_status cm_vector_blend_square(cm_vector* a, double beta, cm_vector* x, cm_error* error);
CM_API cm_status cm_vector_add_root_quotient(cm_vector* a, double factor, cm_vector* numerator, cm_vector* square,
                                             double root_scale, double epsilon, cm_error* error);

// dots[i] = Σ a_k b_k over ends[i − 1] <= k < ends[i]: one number a layer.
CM_API cm_status cm_vector_segment_dots(cm_vector* a, cm_vector* b, const int64_t* ends, int64_t segments, double* dots,
                                        cm_error* error);

// ---- basis ---------------------------------------------------------------------------------------------------------
CM_API cm_status cm_basis_create(int64_t length, int32_t capacity, int32_t type, int32_t device, cm_basis** out,
                                 cm_error* error);
// The same, but the vectors lie in host memory from the start, as after cm_basis_place.
CM_API cm_status cm_basis_create_on_host(int64_t length, int32_t capacity, int32_t type, int32_t device, cm_basis** out,
                                         cm_error* error);
CM_API void cm_basis_free(cm_basis* basis);
CM_API cm_status cm_basis_append(cm_basis* basis, cm_vector* v, cm_error* error);
CM_API cm_status cm_basis_truncate(cm_basis* basis, int32_t count, cm_error* error);
CM_API cm_status cm_basis_copy_column(cm_basis* basis, int32_t column, cm_vector* destination, cm_error* error);
CM_API cm_status cm_basis_project(cm_basis* basis, cm_vector* w, double* coefficients, int32_t count, cm_error* error);
CM_API cm_status cm_basis_subtract(cm_basis* basis, cm_vector* w, const double* coefficients, int32_t count,
                                   cm_error* error);
CM_API cm_status cm_basis_combine(cm_basis* basis, const double* coefficients, int32_t count, cm_vector* destination,
                                  cm_error* error);
CM_API cm_status cm_basis_orthogonalise(cm_basis* basis, cm_vector* w, cm_error* error);
// V <- V Q in place; Q [count, kept], row-major.
CM_API cm_status cm_basis_rotate(cm_basis* basis, const double* rotation, int32_t count, int32_t kept, cm_error* error);
// A vector that shares the memory of a column; the memory of the whole basis lives as long as either does.
CM_API cm_status cm_basis_share_column(cm_basis* basis, int32_t column, cm_vector** out, cm_error* error);
CM_API cm_status cm_basis_place(cm_basis* basis, int32_t on_host, cm_error* error);

// ---- script model --------------------------------------------------------------------------------------------------
CM_API cm_status cm_script_model_load(const char* path, int32_t type, int32_t device, cm_script_model** out,
                                      cm_error* error);
// Names are UTF-8; shapes lie one after the other in `dims`, tensor i having `ranks[i]` of them; the first
// `parameters` tensors are parameters, the other `buffers` are buffers.
CM_API cm_status cm_script_model_define(const char* name, const char* source, const char* const* names,
                                        const int32_t* ranks, const int64_t* dims, int32_t parameters, int32_t buffers,
                                        int32_t type, int32_t device, cm_script_model** out, cm_error* error);
CM_API void cm_script_model_free(cm_script_model* model);
CM_API cm_status cm_script_model_save(cm_script_model* model, const char* path, cm_error* error);
// One line a tensor, "name\tdim,dim,…\n"; buffers = 0 for parameters, 1 for floating-point buffers. Returns the length
// needed in *written; the text is complete only if that is at most `capacity`.
CM_API cm_status cm_script_model_slots(cm_script_model* model, int32_t buffers, char* text, int64_t capacity,
                                       int64_t* written, cm_error* error);
CM_API cm_status cm_script_model_read(cm_script_model* model, int32_t buffers, cm_vector* destination, cm_error* error);
CM_API cm_status cm_script_model_write(cm_script_model* model, int32_t buffers, cm_vector* source, cm_error* error);

// ---- samples -------------------------------------------------------------------------------------------------------
// target_outputs = 0: `targets` are int64 class labels [N]; K > 0: values of `target_type` [N, K], or where that is
// int64 class labels of K positions a sample, for models whose outputs are [N, classes, K].
CM_API cm_status cm_samples_create(const void* inputs, int32_t input_type, const int64_t* shape, int32_t rank,
                                   const void* targets, int32_t target_type, int64_t target_outputs, int32_t type,
                                   int32_t device, cm_samples** out, cm_error* error);
CM_API void cm_samples_free(cm_samples* samples);

// ---- objective -----------------------------------------------------------------------------------------------------
// loss: 0 = cross_entropy, 1 = mse; batch_norm: 0 = train, 1 = eval, 2 = recompute.
CM_API cm_status cm_objective_create(cm_script_model* model, cm_samples* samples, int32_t loss, int32_t batch_norm,
                                     int64_t micro_batch, cm_objective** out, cm_error* error);
CM_API void cm_objective_free(cm_objective* objective);
CM_API cm_status cm_objective_sizes(cm_objective* objective, int64_t* samples, int64_t* parameters, int64_t* buffers,
                                    int64_t* outputs, cm_error* error);
CM_API cm_status cm_objective_read_buffers(cm_objective* objective, cm_vector* destination, cm_error* error);
CM_API cm_status cm_objective_write_buffers(cm_objective* objective, cm_vector* source, cm_error* error);
CM_API cm_status cm_objective_evaluate(cm_objective* objective, cm_vector* theta, double* loss, double* accuracy,
                                       cm_error* error);
CM_API cm_status cm_objective_gradient(cm_objective* objective, cm_vector* theta, cm_vector* gradient, double* loss,
                                       cm_error* error);
// training = 1: batch norm normalises with the batch and updates the running statistics.
CM_API cm_status cm_objective_batch_gradient(cm_objective* objective, cm_vector* theta, const int64_t* indices,
                                             int64_t count, int32_t training, cm_vector* gradient, double* loss,
                                             cm_error* error);

// ---- linearization -------------------------------------------------------------------------------------------------
CM_API cm_status cm_linearization_create(cm_objective* objective, cm_vector* theta, int64_t retain_bytes,
                                         int64_t limit_bytes, cm_linearization** out, double* loss, cm_error* error);
CM_API void cm_linearization_free(cm_linearization* linearization);
CM_API cm_status cm_linearization_gradient(cm_linearization* linearization, cm_vector* destination, cm_error* error);
CM_API cm_status cm_linearization_hessian_product(cm_linearization* linearization, cm_vector* v, cm_vector* result,
                                                  cm_error* error);
CM_API cm_status cm_linearization_gauss_newton_product(cm_linearization* linearization, cm_vector* v, cm_vector* result,
                                                       cm_error* error);
CM_API cm_status cm_linearization_jacobian_product(cm_linearization* linearization, cm_vector* v, cm_vector* outputs,
                                                   cm_error* error);
CM_API cm_status cm_linearization_vector_jacobian_product(cm_linearization* linearization, cm_vector* outputs,
                                                          cm_vector* result, cm_error* error);
CM_API cm_status cm_linearization_stats(cm_linearization* linearization, int32_t* micro_batches, int32_t* retained,
                                        int64_t* retained_bytes, int64_t* peak_bytes, cm_error* error);
// How the linearization came to differ from what was asked for: `rebuilt` whether graphs are built anew at every
// product for want of memory, `micro_batch` the samples a forward pass now. `lacking` is libtorch's word on the
// operation that made products finite differences, empty where they are exact; `discrepancy` is then the largest
// relative distance between products of a step and of half of it.
CM_API cm_status cm_linearization_degradation(cm_linearization* linearization, int32_t* rebuilt, int64_t* micro_batch,
                                              char* lacking, int32_t capacity, double* discrepancy, cm_error* error);

// Whether any layer of the model is a batch norm, so that its mode matters.
CM_API cm_status cm_objective_has_batch_norm(cm_objective* objective, int32_t* has_batch_norm, cm_error* error);

// ---- groups of samples ---------------------------------------------------------------------------------------------
// Group j is the samples order[starts[j]] … order[starts[j + 1] - 1], one batch with the mean loss L_B of its samples.
// squares[j] = |grad L_B - centre|^2.
CM_API cm_status cm_groups_gradient_squares(cm_linearization* linearization, const int64_t* order,
                                            const int64_t* starts, int64_t groups, cm_vector* centre, double* squares,
                                            cm_error* error);
// kind: 0 = Hessian, 1 = Gauss-Newton, 2 = their difference. squares[j * directions + i] = |A_B v_i - c_i|^2.
CM_API cm_status cm_groups_product_squares(cm_linearization* linearization, int32_t kind, const int64_t* order,
                                           const int64_t* starts, int64_t groups, cm_basis* directions,
                                           cm_basis* centres, double* squares, cm_error* error);
// quotients[j] = g' A_B g / |g|^2 with g = grad L_B; not a number where g = 0.
CM_API cm_status cm_groups_rayleigh_quotients(cm_linearization* linearization, int32_t kind, const int64_t* order,
                                              const int64_t* starts, int64_t groups, double* quotients,
                                              cm_error* error);

#ifdef __cplusplus
}
#endif
