// Counts the bytes that libtorch allocates on the CPU, and refuses beyond a limit set for one thread's work.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace curvature {
namespace memory {

int64_t live_bytes();
int64_t peak_bytes();

// Follows what this thread allocates and frees while the scope lives; beyond `limit` an allocation throws.
// Scopes do not nest across Linearization calls; the innermost one counts.
class Scope {
 public:
  explicit Scope(int64_t already_held = 0, int64_t limit = std::numeric_limits<int64_t>::max());
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  int64_t net() const { return net_; }
  int64_t peak() const { return peak_; }

  void add(int64_t bytes);
  void remove(int64_t bytes) { net_ -= bytes; }

 private:
  Scope* outer_;
  int64_t net_;
  int64_t peak_;
  int64_t limit_;
};

// An allocation that a scope refused.
struct Refusal {
  int64_t held = 0;
  int64_t asked = 0;
  int64_t limit = 0;
  bool happened() const { return asked > 0; }
  std::string text() const;
};

// This thread's last refusal, which may have reached the caller as any kind of exception; forgets it.
Refusal take_refusal();
bool has_refusal();

}  // namespace memory
}  // namespace curvature
