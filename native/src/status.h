// Turns C++ exceptions into a status and one line of text at the C boundary.
#pragma once

#include <stdexcept>
#include <string>

#include "curvature_native.h"

namespace curvature {

// A failure with a status of its own; anything else that libtorch throws is classified by its text.
class Failure : public std::runtime_error {
 public:
  Failure(cm_status status, const std::string& message) : std::runtime_error(message), status_(status) {}
  cm_status status() const { return status_; }

 private:
  cm_status status_;
};

[[noreturn]] void invalid(const std::string& message);

// Whether libtorch says that an operation lacks the derivative asked for.
bool is_unsupported_operation(const std::exception& exception);

// Whether the exception in flight says that memory is used up: a scope's limit, the allocator's or the device's.
bool memory_is_exhausted();

// The first meaningful line of what an exception says.
std::string message_of(const std::exception& exception);

// Classifies the exception in flight, writes its first meaningful line to `error`, returns the status.
cm_status describe_current_exception(cm_error* error) noexcept;

template <typename Body>
cm_status guard(cm_error* error, Body&& body) noexcept {
  try {
    body();
    return CM_OK;
  } catch (...) {
    return describe_current_exception(error);
  }
}

}  // namespace curvature
