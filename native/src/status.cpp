#include "status.h"

#include <cstring>
#include <new>

#include "memory.h"

namespace curvature {
namespace {

// The TorchScript interpreter wraps what failed in a traceback and puts the cause behind the last "Error: ".
std::string first_line(const std::string& text) {
  std::string line = text;
  if (text.rfind("The following operation failed in the TorchScript interpreter", 0) == 0) {
    const auto cause = text.rfind("Error: ");
    if (cause != std::string::npos) line = text.substr(cause + 7);
  }
  const auto begin = line.find_first_not_of(" \n");
  if (begin == std::string::npos) return "libtorch failed without a message";
  return line.substr(begin, line.find('\n', begin) - begin);
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

cm_status classify(const std::string& text) {
  if (contains(text, "can't allocate memory") || contains(text, "out of memory")) return CM_OUT_OF_MEMORY;
  if (contains(text, "does not support it because it has not been implemented") ||
      contains(text, "is not implemented") || contains(text, "does not support forward"))
    return CM_UNSUPPORTED_OPERATION;
  return CM_NATIVE;
}

void write(cm_error* error, const std::string& line) noexcept {
  if (error == nullptr) return;
  std::strncpy(error->message, line.c_str(), sizeof(error->message) - 1);
  error->message[sizeof(error->message) - 1] = '\0';
}

}  // namespace

bool is_unsupported_operation(const std::exception& exception) {
  return classify(exception.what()) == CM_UNSUPPORTED_OPERATION;
}

bool memory_is_exhausted() {
  // The allocator's refusal may arrive wrapped by the interpreter or the autograd engine, its type lost.
  if (memory::has_refusal()) return true;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const std::exception& exception) {
    return classify(exception.what()) == CM_OUT_OF_MEMORY;
  } catch (...) {
    return false;
  }
}

std::string message_of(const std::exception& exception) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&exception);
  return first_line(torch_error != nullptr ? torch_error->what_without_backtrace() : exception.what());
}

void invalid(const std::string& message) { throw Failure(CM_INVALID_ARGUMENT, message); }

cm_status describe_current_exception(cm_error* error) noexcept {
  try {
    // The allocator's refusal may arrive wrapped by the interpreter or the autograd engine, its type lost.
    const auto refusal = memory::take_refusal();
    if (refusal.happened()) {
      write(error, refusal.text());
      return CM_OUT_OF_MEMORY;
    }
    try {
      throw;
    } catch (const Failure& failure) {
      write(error, failure.what());
      return failure.status();
    } catch (const std::bad_alloc&) {
      write(error, "out of memory");
      return CM_OUT_OF_MEMORY;
    } catch (const std::exception& exception) {
      write(error, message_of(exception));
      return classify(exception.what());
    }
  } catch (...) {
    write(error, "an exception that is no std::exception left libtorch");
    return CM_NATIVE;
  }
}

}  // namespace curvature
